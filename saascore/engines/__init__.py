"""Who maps a large input: this process, a pool of processes, or Apache Spark. Workers map; only the driver writes."""

from saascore.engines.choose import ENGINES, engine_named
from saascore.engines.chunk import MapperPlan, map_chunk
from saascore.engines.pool import map_in_pool

__all__ = ["ENGINES", "MapperPlan", "engine_named", "map_chunk", "map_in_pool"]
