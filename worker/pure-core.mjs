// Runs the tests of the pure core under Pyodide: the runtime of Cloudflare Python Workers.
// usage: node --wasm-lazy-compilation pure-core.mjs SITE REPOSITORY TEST...
import { loadPyodide } from "pyodide";

const [site, repository, ...tests] = process.argv.slice(2);
const python = await loadPyodide();
const mount = (place, root) => {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
};
mount("/session/python_modules", site);
mount("/session/repository", repository);
python.globals.set("tests", python.toPy(tests));
const status = python.runPython(`
import os, sys
sys.path.insert(0, "/session/python_modules")
os.chdir("/session/repository")
import pytest
pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:xdist", "-o", "addopts=--import-mode=importlib",
             *tests])
`);
process.exit(Number(status));
