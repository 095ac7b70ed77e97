// Runs the tests of the pure core under Pyodide: the runtime of Cloudflare Python Workers.
// usage: node --wasm-lazy-compilation pure-core.mjs SITE REPOSITORY TEST...
import { startPython } from "./runtime.mjs";

const [site, repository, ...tests] = process.argv.slice(2);
const python = await startPython(site, { repository });
python.globals.set("tests", python.toPy(tests));
const status = python.runPython(`
import os
os.chdir("/session/repository")
import pytest
pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:xdist", "-m", "not postgres and not slow",
             # how time grows is measured natively; Pyodide's files have no permissions
             "-k", "not time_grows and not unreadable_files",
             # Python 3.13 and newer warn of SQLite connections that a test leaves to the collector
             "-W", "ignore::ResourceWarning", "-W", "ignore::pytest.PytestUnraisableExceptionWarning",
             "-o", "addopts=--import-mode=importlib", *tests])
`);
process.exit(Number(status));
