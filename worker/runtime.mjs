// Starts Pyodide, the runtime of Cloudflare Python Workers, with folders of this machine in it.
import { loadPyodide } from "pyodide";

export async function startPython(site, folders = {}) {
  const python = await loadPyodide();
  for (const [name, root] of Object.entries({ python_modules: site, ...folders })) {
    python.FS.mkdirTree(`/session/${name}`);
    python.FS.mount(python.FS.filesystems.NODEFS, { root }, `/session/${name}`);
  }
  python.runPython(`import sys; sys.path.insert(0, "/session/python_modules")`);
  return python;
}
