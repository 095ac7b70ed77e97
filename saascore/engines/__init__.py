"""Who maps a large input: this process, a pool of processes, or Apache Spark. Workers map; only the driver writes."""

from saascore.engines.chunk import MapperPlan, Prepared, map_chunk
from saascore.engines.local import map_locally
from saascore.engines.pool import map_in_pool

__all__ = ["MapperPlan", "Prepared", "map_chunk", "map_in_pool", "map_locally"]
