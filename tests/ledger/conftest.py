"""The tests of the ledger share the product and the servers of the usage flow's tests."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_spec = spec_from_file_location("usage_conftest", Path(__file__).parents[1] / "usage" / "conftest.py")
_shared = module_from_spec(_spec)
_spec.loader.exec_module(_shared)

desk, desk_of, stored_desk = _shared.desk, _shared.desk_of, _shared.stored_desk
postgresql_server, store_url = _shared.postgresql_server, _shared.store_url
