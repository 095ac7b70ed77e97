"""Who maps a large input: this process, a pool of processes, or Apache Spark. Workers map; only the driver writes."""

from saascore.engines.choose import ENGINES, engine_named
from saascore.engines.chunk import MapperPlan, map_chunk
from saascore.engines.pool import map_in_pool
from saascore.engines.records import as_mapped, map_records

__all__ = ["ENGINES", "MapperPlan", "as_mapped", "engine_named", "map_chunk", "map_in_pool", "map_records"]
