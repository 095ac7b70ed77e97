"""An adapter's digest follows its source, and a fault is placed in it."""

from saascore.adapters import discover
from saascore.adapters.source import public_type_name


def digest(folder):
    return discover(paths=[str(folder)], enable=["none"]).product("studio").digest


def package(tmp_path):
    folder = tmp_path / "studio"
    (folder / "samples").mkdir(parents=True)
    text = "from saascore.hookspecs import hookimpl\napi = 1\n@hookimpl\ndef map_plan_label(plan):\n    return None\n"
    (folder / "__init__.py").write_text(text, encoding="utf-8")
    (folder / "plans.json").write_text("{}", encoding="utf-8")
    return folder


def test_the_digest_follows_source_and_data_and_not_samples(tmp_path):
    folder = package(tmp_path)
    first = digest(folder)
    (folder / "samples" / "rows.json").write_text("[]", encoding="utf-8")
    assert digest(folder) == first
    (folder / "plans.json").write_text('{"Pro": "pro"}', encoding="utf-8")
    second = digest(folder)
    assert second != first
    (folder / "__init__.py").write_text(
        (folder / "__init__.py").read_text(encoding="utf-8") + "\n#", encoding="utf-8"
    )
    assert digest(folder) not in {first, second}


def test_the_digest_binds_the_distribution_and_its_version(install):
    install("one", version="1.0")
    first = discover(enable=["one"]).product("one").digest
    assert first == discover(enable=["one"]).product("one").digest
    file = install("two", version="1.0")
    assert file.exists()
    assert discover(enable=["two"]).product("two").digest != first


def test_a_type_made_while_running_is_told_by_its_base():
    made = type("a-value", (KeyError,), {})
    assert public_type_name(made()) == "KeyError"
    assert public_type_name(ValueError()) == "ValueError"
