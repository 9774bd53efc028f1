"""The command line: every command on real files, every exit code, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.cli import main
from resnet_studio.cli.commands import COMMANDS
from resnet_studio.core.analysis import analyse
from resnet_studio.core.diagnostics import RULES
from resnet_studio.formats import keras_json, native, templates, writers
from tests.core.sketch import resnet

MISMATCH = str(templates.path("doubling-mismatch"))
NOTEBOOK = str(templates.path("resnet34-notebook"))
BLOCK = str(templates.path("residual-block"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Runs a command; gives its exit code, stdout and stderr."""

    def runner(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return runner


def process(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "resnet_studio", *arguments],
        capture_output=True, text=True, timeout=300, check=False, **more,
    )  # fmt: skip


def one_line(err: str) -> str:
    assert err.startswith("resnet-studio: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    return err


# templates, new


def test_templates_are_named_a_line_each(run) -> None:
    code, out, _ = run("templates")
    assert (code, out.splitlines()) == (0, templates.names())


def test_new_writes_the_template(run, tmp_path: Path) -> None:
    target = tmp_path / "net.rsnet"
    assert run("new", "--template", "vgg16", "-o", target) == (0, "", "")
    assert target.read_bytes() == templates.path("vgg16").read_bytes()


# check, summary


def test_check_exits_by_the_worst_file(run, tmp_path: Path) -> None:
    missing = tmp_path / "missing.rsnet"
    assert run("check", NOTEBOOK)[0] == 0
    assert run("check", NOTEBOOK, MISMATCH)[0] == 1
    code, out, err = run("check", MISMATCH, missing, NOTEBOOK)
    assert code == 2
    assert str(missing) in one_line(err)
    assert f"{NOTEBOOK}: no problems" in out


def test_check_json_is_a_line_to_a_file(run) -> None:
    code, out, err = run("check", "--format", "json", MISMATCH, NOTEBOOK)
    assert (code, err) == (1, "")
    assert [json.loads(line)["ok"] for line in out.splitlines()] == [False, True]


def test_check_sarif_is_one_log(run) -> None:
    code, out, _ = run("check", MISMATCH, NOTEBOOK, "--format", "sarif")
    assert code == 1
    assert len(json.loads(out)["runs"]) == 1


def test_summary(run) -> None:
    code, out, err = run("summary", NOTEBOOK)
    assert (code, err) == (0, "")
    assert "Total params: 16,822,760 (64.17 MB)" in out
    code, out, err = run("summary", MISMATCH)
    assert code == 1
    assert "group_128#1/add (Add)" in out
    assert "shortcut-mismatch" in err


# export, verify


@pytest.mark.parametrize("suffix", sorted(set(writers()) - {".png", ".pdf"}))
def test_export_picks_the_writer_by_suffix(run, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"net{suffix}"
    assert run("export", NOTEBOOK, "-o", target) == (0, "", "")
    assert target.stat().st_size > 500
    other = tmp_path / "other.txt"
    assert run("export", NOTEBOOK, "-o", other, "--to", suffix.lstrip("."))[0] == 0
    assert other.read_bytes() == target.read_bytes()


def test_exported_code_follows_the_style(run, tmp_path: Path) -> None:
    blocks, flat = tmp_path / "blocks.py", tmp_path / "flat.py"
    run("export", NOTEBOOK, "-o", blocks)
    run("export", NOTEBOOK, "-o", flat, "--style", "flat")
    assert "def residual_block(" in blocks.read_text()
    assert "for " in blocks.read_text()
    assert "def residual_block(" not in flat.read_text()


def test_export_of_a_broken_network_writes_nothing(run, tmp_path: Path) -> None:
    target = tmp_path / "net.py"
    target.write_text("old")
    for path in (target, tmp_path / "net.keras"):
        code, out, err = run("export", MISMATCH, "-o", path)
        assert (code, out) == (1, "")
        assert "group_128#1/add" in one_line(err)
    assert target.read_text() == "old"
    assert not (tmp_path / "net.keras").exists()


def test_verify_and_keras_export_run_the_real_keras(run, tmp_path: Path) -> None:
    code, out, err = run("verify", BLOCK)
    assert (code, err) == (0, "")
    assert "identical" in out
    target = tmp_path / "net.keras"
    assert run("export", BLOCK, "-o", target) == (0, "", "")
    from tests.layers.oracle import keras, quiet

    with quiet():
        assert keras.models.load_model(target).count_params() == 73_856


def test_verify_of_a_network_on_which_tensorflow_aborts(run, tmp_path: Path) -> None:
    """Identical as built, so 0; that it does not run is said first and last, without a crash."""
    nodes = [
        {"id": "i", "type": "Input", "config": {"shape": [0]}},
        {"id": "d", "type": "Dense", "config": {"units": 3}},
    ]
    network = {"nodes": nodes, "edges": [["i", "d", 0]]}
    path = tmp_path / "nothing.rsnet"
    path.write_text(json.dumps({"format": "resnet-studio/1", "network": network}))
    code, out, err = run("verify", path)
    assert (code, err) == (0, "")
    first, last = out.splitlines()
    assert first.startswith(f"{path}: identical as built, but it does not run")
    assert last.startswith("built, but a forward pass failed: the process for Keras crashed")


def test_verify_of_a_broken_network(run) -> None:
    code, out, err = run("verify", MISMATCH)
    assert (code, out) == (1, "")
    assert "1 error" in one_line(err)


# fix


def test_fix_lists_the_repairs_with_their_cost(run) -> None:
    code, out, _ = run("fix", MISMATCH)
    assert code == 0
    assert "projection: " in out
    assert "+8,320 parameters" in out
    assert run("fix", NOTEBOOK) == (0, f"{NOTEBOOK}: there is nothing to repair\n", "")
    assert "nothing to repair" in run("fix", MISMATCH, "--select", "cycle")[1]
    assert "nothing to repair" in run("fix", MISMATCH, "--at", "group_64")[1]


@pytest.mark.parametrize("repair", ["conv-block", "projection", "pool-and-pad"])
def test_fix_applies_one_and_the_network_is_sound(run, tmp_path: Path, repair: str) -> None:
    target = tmp_path / "net.rsnet"
    arguments = ("--select", "shortcut-mismatch", "--apply", repair)
    code, out, _ = run("fix", MISMATCH, *arguments, "-o", target)
    assert code == 0
    assert str(target) in out
    assert run("check", target)[0] == 0
    assert run("check", MISMATCH)[0] == 1


def test_fix_without_output_mends_the_file_itself(run, tmp_path: Path) -> None:
    target = tmp_path / "net.rsnet"
    run("new", "--template", "doubling-mismatch", "-o", target)
    assert run("fix", target, "--apply", "projection")[0] == 0
    assert run("check", target)[0] == 0


# diff, rules


def test_diff_of_the_same_and_of_a_moved_network(run, tmp_path: Path) -> None:
    assert run("diff", NOTEBOOK, NOTEBOOK) == (0, "", "")
    moved = tmp_path / "moved.rsnet"
    text = templates.path("resnet34-notebook").read_text(encoding="utf-8")
    moved.write_text(text.replace('"position": [-104, 0]', '"position": [7, 7]'), encoding="utf-8")
    assert run("diff", NOTEBOOK, moved) == (0, "", "")


def test_diff_tells_arguments_nodes_wires_and_what_they_come_to(run, tmp_path: Path) -> None:
    document = native.load(templates.path("resnet34-notebook")).document
    changed = tmp_path / "changed.rsnet"
    text = native.dumps(document)
    text = text.replace('"units": 1000', '"units": 10').replace('"adam"', '"sgd"')
    text = text.replace(
        '["average_pool", "classifier", 0]',
        '["average_pool", "drop", 0],\n["drop", "classifier", 0]',
    )
    text = text.replace(
        '{"id": "classifier"',
        '{"id": "drop", "type": "Dropout", "config": {"rate": 0.5}},\n{"id": "classifier"',
    )
    changed.write_text(text, encoding="utf-8")
    code, out, _ = run("diff", NOTEBOOK, changed)
    assert code == 1
    lines = [line.strip() for line in out.splitlines()]
    for expected in (
        "units: 1000 → 10",
        "+ drop: Dropout(rate=0.5)",
        "- wire average_pool → classifier, slot 0",
        "+ wire drop → classifier, slot 0",
        'optimizer: "adam" → "sgd"',
        "classifier: 1000, 513,000 parameters → 10, 5,130 parameters",
        "parameters: 16,822,760 → 16,314,890 (-507,870)",
    ):
        assert expected in lines
    backwards = run("diff", changed, NOTEBOOK)[1]
    assert "- drop: Dropout(rate=0.5)" in backwards


def test_rules_lists_every_code(run) -> None:
    code, out, _ = run("rules")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(RULES)
    assert {"shortcut-mismatch", "silent-broadcast", "unknown-key"} <= set(RULES)


# Bad arguments and bad files: one line, exit 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], ["“chekc”", "check, "]),
        (["missing.rsnet"], ["missing.rsnet", "no such file"]),
        ([BLOCK, BLOCK], ["one file"]),
        (["--nonsense"], ["--help"]),
        (["check"], ["FILE"]),
        (["check", "--format", "xml", BLOCK], ["“xml”", "sarif"]),
        (["check", "/"], ["/", "directory"]),
        (["new", "--template", "nope", "-o", "x"], ["“nope”", "resnet50"]),
        (["new", "-o", "x"], ["--template"]),
        (["new", "--template", "vgg16", "-o", "/"], ["/", "directory"]),
        (["new", "--template", "vgg16", "-o", "no/such/folder/x"], ["no/such/folder"]),
        (["export", BLOCK, "-o", "net.xyz"], [".xyz", ".py", ".keras"]),
        (["export", BLOCK, "-o", "net"], ["suffix", ".py"]),
        (["export", BLOCK, "-o", "net.py", "--to", "doc"], [".doc"]),
        (["export", BLOCK, "-o", "net.py", "--style", "odd"], ["odd"]),
        (["export", BLOCK, "-o", "/nowhere/net.keras"], ["/nowhere"]),
        (["export", "missing.rsnet", "-o", "net.py"], ["missing.rsnet"]),
        (["fix", MISMATCH, "--apply", "magic"], ["magic", "projection"]),
        (["fix", MISMATCH, "--select", "no-such-code"], ["no-such-code", "rules"]),
        (["diff", BLOCK, "missing.rsnet"], ["missing.rsnet"]),
        (["verify", "missing.rsnet"], ["missing.rsnet"]),
        (["summary", "missing.rsnet"], ["missing.rsnet"]),
    ],
)
def test_one_line_names_place_and_mend(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    for word in words:
        assert word in one_line(err)
    assert not list(tmp_path.iterdir())


BAD_NETWORKS = {
    "unknown layer": ('{"id": "a", "type": "Conv9D"}', "", "unknown-layer"),
    "attribute": ('{"id": "a", "type": "b", "config": {"n": "=n.__doc__"}}', "", "bad-expression"),
    "call": ('{"id": "a", "type": "b", "config": {"n": "=open(1)"}}', "", "bad-expression"),
    "power": ('{"id": "a", "type": "b", "config": {"n": "=10**10**10"}}', "", "bad-expression"),
    "itself": ('{"id": "a", "type": "loop"}', "", "recursive-block"),
    "wire from nowhere": ('{"id": "a", "type": "ReLU"}', '["ghost", "a", 0]', "broken-edge"),
    "wire of two": ('{"id": "a", "type": "ReLU"}', '["x", "a"]', "broken-edge"),
    "no such output": ('{"id": "a", "type": "ReLU"}', '["x:7", "a", 0]', "broken-edge"),
}  # fmt: skip


@pytest.mark.parametrize(("node", "edge", "code"), BAD_NETWORKS.values(), ids=BAD_NETWORKS)
def test_bad_networks_are_told_and_the_rest_is_analysed(
    run, tmp_path: Path, node: str, edge: str, code: str
) -> None:
    call = '{"nodes": [{"id": "i", "type": "loop"}], "edges": []}'
    block = '{"parameters": {"n": 1}, "nodes": [], "edges": []}'
    path = tmp_path / "net.rsnet"
    path.write_text(
        '{"format": "resnet-studio/1", "network": {"nodes": ['
        f'{{"id": "x", "type": "Input", "config": {{"shape": [8]}}}},\n{node}], '
        f'"edges": [{edge}]}}, "blocks": {{"loop": {call}, "b": {block}}}}}'
    )
    exit_code, out, err = run("check", "--format", "json", path)
    report = json.loads(out)
    assert (exit_code, err) == (1, "")
    assert code in {d["code"] for d in report["diagnostics"] if d["node"] == "a"}
    assert {d["line"] for d in report["diagnostics"] if d["node"] == "a"} == {2}
    assert report["nodes"]["x"]["output_shape"] == [None, 8]


def test_a_file_in_the_way_of_the_output_is_left_alone(run, tmp_path: Path) -> None:
    folder = tmp_path / "net.svg"
    folder.mkdir()
    code, _, err = run("export", BLOCK, "-o", folder)
    assert code == 2
    assert "directory" in one_line(err)


# import


def test_import_reads_what_export_wrote(run, tmp_path: Path) -> None:
    model, back = tmp_path / "net.json", tmp_path / "net.rsnet"
    assert run("export", NOTEBOOK, "-o", model)[0] == 0
    assert run("import", model, "-o", back) == (0, "", "")
    told, before = (json.loads(run("check", "--format", "json", f)[1]) for f in (back, NOTEBOOK))
    assert told["ok"]
    assert told["totals"] == before["totals"]


def test_import_tells_what_it_could_not_carry_over(run, tmp_path: Path) -> None:
    model, target = tmp_path / "old.json", tmp_path / "net.rsnet"
    entries = [{"class_name": "Dense", "config": {"name": "a/b", "batch_input_shape": [None, 4]}}]
    model.write_text(json.dumps({"class_name": "Sequential", "config": entries}))
    code, out, err = run("import", model, "-o", target)
    assert (code, out) == (0, "")
    assert "“a/b”" in one_line(err)


@pytest.mark.parametrize("source", ["missing.keras", BLOCK])
def test_import_of_what_is_no_model(run, tmp_path: Path, source: str) -> None:
    target = tmp_path / "net.rsnet"
    code, out, err = run("import", source, "-o", target)
    assert (code, out) == (2, "")
    assert source in one_line(err)
    assert not target.exists()


def test_import_of_an_application(run, tmp_path: Path) -> None:
    target = tmp_path / "net.rsnet"
    assert run("import", "keras.applications:MobileNet", "-o", target) == (0, "", "")
    assert "4,253,864 parameters" in run("check", target)[1]
    code, _, err = run("import", "keras.applications:MobileNett", "-o", target)
    assert code == 2
    assert "“MobileNett”; it has MobileNet" in one_line(err)


# Folding


def test_fold_makes_repeated_parts_into_blocks(run, tmp_path: Path) -> None:
    flat, folded = tmp_path / "flat.rsnet", tmp_path / "folded.rsnet"
    native.save(resnet((3, 4)), flat)
    code, out, err = run("fold", flat, "--list")
    assert (code, err) == (0, "")
    first = "Fold 5 copies of 10 layers into “bottleneck_block”, 32 lines shorter"
    assert out.splitlines()[0] == first
    assert run("fold", flat, "-o", folded)[0] == 0
    assert next(iter(native.load(folded).document.blocks)) == "bottleneck_block"
    assert run("check", folded)[1].split(":", 1)[1] == run("check", flat)[1].split(":", 1)[1]
    code, out, _ = run("fold", folded)
    assert (code, out) == (0, f"{folded}: there is nothing to fold\n")


def test_fold_of_what_is_no_network(run) -> None:
    code, out, err = run("fold", "missing.rsnet")
    assert (code, out) == (2, "")
    assert "missing.rsnet" in one_line(err)


def test_import_can_fold(run, tmp_path: Path) -> None:
    model, target = tmp_path / "flat.json", tmp_path / "net.rsnet"
    model.write_text(keras_json.write(analyse(resnet((3, 4)))))
    assert run("import", model, "-o", target, "--fold") == (0, "", "")
    assert "bottleneck_block" in native.load(target).document.blocks


# As a process


def test_as_a_process_with_any_locale() -> None:
    done = process("check", BLOCK, "nö.rsnet", env={**os.environ, "LC_ALL": "C"},
                   encoding="utf-8")  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "resnet-studio: nö.rsnet: it cannot be read: no such file or directory\n"
    assert "no problems" in done.stdout


def test_help_and_version() -> None:
    from resnet_studio import __version__

    done = process("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in COMMANDS)
    assert process("--version").stdout == f"ResNet Studio {__version__}\n"
    assert process("fix", "--help").returncode == 0


def test_no_stdout_at_all_is_no_error() -> None:
    """As under ``>&-``, and in a program without a console."""
    shell = f"{sys.executable} -m resnet_studio templates >&-"
    result = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("command", [["templates"], ["check", MISMATCH], ["fix", MISMATCH]])
def test_output_that_cannot_be_written_is_told(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "resnet_studio", *command],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert result.returncode == 2
    assert "cannot be written" in one_line(result.stderr)


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m resnet_studio summary {NOTEBOOK} | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("Model: ")
    assert done.stderr == ""


def test_check_imports_neither_qt_nor_keras() -> None:
    script = (
        "import sys; from resnet_studio.cli import main; main(sys.argv[1:]);"
        "print(sorted({'PySide6', 'keras', 'tensorflow', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", NOTEBOOK, "--format", "json"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("report", ["text", "json", "sarif"])
def test_check_imports_its_report_and_no_writer(report: str) -> None:
    """A script that checks many files starts this command for each of them."""
    script = (
        "import sys; from resnet_studio.cli import main; main(sys.argv[1:]);"
        "print(sorted(n for n, m in sys.modules.items() if hasattr(m, 'WRITERS')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", NOTEBOOK, "--format", report],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_a_command_the_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str | None] = []

    class App:
        @staticmethod
        def run(path: str | None) -> int:
            opened.append(path)
            return 0

    monkeypatch.setitem(sys.modules, "resnet_studio.gui.app", App)
    assert main([]) == 0
    assert main([BLOCK]) == 0
    assert opened == [None, BLOCK]


def test_where_there_is_no_qt_the_window_says_so(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resnet_studio.gui.app", None)
    code, _, err = run()
    assert code == 2
    assert "the window cannot be shown" in one_line(err)


def test_second_names_of_layers_hold_everywhere(run, tmp_path: Path) -> None:
    file, code = tmp_path / "net.rsnet", tmp_path / "net.py"
    image = {"id": "image", "type": "Input", "config": {"shape": [8, 8, 3]}}
    nodes = [image, {"id": "pool", "type": "MaxPool2D"}, {"id": "mean", "type": "GlobalAvgPool2D"}]
    network = {"nodes": nodes, "edges": [["image", "pool", 0], ["pool", "mean", 0]]}
    file.write_text(json.dumps({"format": "resnet-studio/1", "network": network}))
    told = json.loads(run("check", "--format", "json", file)[1])
    assert told["nodes"]["pool"]["type"] == "MaxPooling2D"
    assert run("export", file, "-o", code) == (0, "", "")
    assert 'layers.MaxPooling2D(name="pool")' in code.read_text()
    assert run("verify", file)[0] == 0
