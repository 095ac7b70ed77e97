"""The public Python surface as data: what it was at the last release, and what it is now.

Public is what `saascore` exports, and what stands in a module that the documentation imports from. After a release, or
where a break is meant and stands under "Changed" in CHANGELOG.md:

    python tests/compat/public_api.py
"""

import json
import re
import tomllib
from pathlib import Path

import griffe

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).with_suffix(".json")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
IMPORT = re.compile(r"(?m)^(?:>>> |\.\.\. )?from (saascore[\w.]*) import")


def public_modules():
    """Return the modules that the documentation names, and those that adapters are written with."""
    named = {module for page in PAGES for module in IMPORT.findall(page.read_text(encoding="utf-8"))}
    hooks = (
        f"saascore.hookspecs.{path.stem}" for path in (ROOT / "saascore" / "hookspecs").glob("[a-z]*.py")
    )
    return sorted({"saascore", *named, *hooks})


def surface(root=ROOT):
    """Return every public object by its path: its kind, and what a caller could lean on."""
    package = griffe.load("saascore", search_paths=[root], try_relative_path=False)
    found = {}
    for name in public_modules():
        module = package[name.removeprefix("saascore").removeprefix(".")] if name != "saascore" else package
        found[name] = {"kind": "module"}
        for member in module.members.values():
            if member.is_public and (member.is_alias or not member.is_module):
                found |= dict(described(member, f"{name}.{member.name}"))
    return dict(sorted(found.items()))


def described(member, path):
    """Yield an object and what is public inside it, each under its path; nothing where an import leads nowhere."""
    try:
        member = member.final_target if member.is_alias else member
    except griffe.AliasResolutionError:
        return
    entry = {"kind": member.kind.value}
    if member.is_function:
        entry["parameters"] = [
            [p.name, p.kind.value, text(p.default), text(p.annotation)] for p in member.parameters
        ]
        entry["returns"] = text(member.returns)
    elif member.is_attribute:
        entry["type"] = text(member.annotation)
    elif member.is_class:
        entry["bases"] = list(map(text, member.bases))
    yield path, entry
    if member.is_class:
        for inner in member.all_members.values():  # what is inherited too
            if inner.is_public and not inner.is_class:
                yield from described(inner, f"{path}.{inner.name}")


def text(expression):
    """Return an expression as it is written."""
    return None if expression is None else str(expression)


def tree(entries):
    """Build griffe's objects again, so that its own rules say what a break is."""
    root = griffe.Module("saascore")
    for path, entry in entries.items():
        *parents, name = path.split(".")
        inside = root
        for parent in parents[1:]:
            if parent not in inside.members:
                inside.set_member(parent, griffe.Module(parent))
            inside = inside.members[parent]
        if path != "saascore" and name not in inside.members:
            inside.set_member(name, built(name, entry))
            inside.members[name].public = True
    return root


def built(name, entry):
    """Build one object."""
    if entry["kind"] == "function":
        parameters = [
            griffe.Parameter(found, kind=griffe.ParameterKind(kind), default=default)
            for found, kind, default, _ in entry["parameters"]
        ]
        return griffe.Function(name, parameters=griffe.Parameters(*parameters), returns=entry["returns"])
    if entry["kind"] == "class":
        return griffe.Class(name, bases=entry["bases"])
    return griffe.Module(name) if entry["kind"] == "module" else griffe.Attribute(name)


def breaks(old, new):
    """Return one line for each break of the surface: by griffe's rules, and of types, which it does not compare yet."""
    found = griffe.find_breaking_changes(tree(old), tree(new))
    lines = [f"{breakage.obj.path}: {breakage.kind.value}{told(breakage)}" for breakage in found]
    return [
        *lines,
        *(line for path in old.keys() & new.keys() for line in retyped(path, old[path], new[path])),
    ]


def retyped(path, old, new):
    """Yield what takes or holds another type than it did: a field's may not change, a parameter's may become wider."""
    if old.get("type") and old["type"] != new.get("type") and new["kind"] == "attribute":
        yield f"{path}: Attribute changed type"
    given = {name: annotation for name, _, _, annotation in new.get("parameters", ())}
    for name, _, _, annotation in old.get("parameters", ()):
        if given.get(name) is not None and not union(annotation) <= union(given[name]):
            yield f"{path}: Parameter changed type: {name}"


def union(annotation):
    """Return the members of a union as they are written; no annotation is a member of none."""
    return set(annotation.split(" | ")) if annotation else {None}


def told(breakage):
    """Name the argument that a break is about."""
    argument = breakage.old_value or breakage.new_value
    return f": {argument.name}" if isinstance(argument, griffe.Parameter) else ""


def kept():
    """Return the surface of the last release."""
    return json.loads(KEPT.read_text(encoding="utf-8"))["surface"]


def version():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


if __name__ == "__main__":
    lines = ",\n".join(f"{json.dumps(path)}: {json.dumps(entry)}" for path, entry in surface().items())
    KEPT.write_text(f'{{"version": "{version()}", "surface": {{\n{lines}\n}}}}\n', encoding="utf-8")
