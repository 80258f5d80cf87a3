"""Every verb passes the gate and says who acts; every read says who asks."""

import ast
from pathlib import Path

import pytest

from tests.walls.tree import SOURCE, functions, modules, parsed, short


def parts(name: str) -> list[Path]:
    """The files that hold a room's actions or queries:

    `actions.py`, or a package of that name split by noun.
    """
    rooms = (path for path in modules() if len(path.relative_to(SOURCE).parts) > 1)
    return [path for path in rooms if name in (path.stem, path.parent.name)]


def public(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions a neighbour may call."""
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [function for function in found if not function.name.startswith("_")]


def ungated(tree: ast.Module) -> list[str]:
    """Public functions without `@action("verb")`."""
    return [f"{function.name}: not gated" for function in public(tree) if not _is_gated(function)]


def anonymous(tree: ast.Module) -> list[str]:
    """Public functions that do not take `actor: Actor` first, or let it be left out."""
    return [
        f"{function.name}: does not name its actor" for function in public(tree) if not _names_actor(function)
    ]


def _is_gated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id="action"), args=[ast.Constant(value=str()), *_]):
                return True
    return False


def _names_actor(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args]
    may_be_left_out = len(function.args.defaults) == len(arguments)
    match arguments:
        case [ast.arg(arg="actor", annotation=ast.Name(id="Actor")), *_]:
            return not may_be_left_out
    return False


def talkative_tasks(tree: ast.Module) -> list[str]:
    """Background tasks that take anything but ids:

    what waits in the tasks table is read by nobody's permission.
    """
    tasks = [function for function in functions(tree) if any(map(_is_task, function.decorator_list))]
    arguments = [(task, argument) for task in tasks for argument in (*task.args.args, *task.args.kwonlyargs)]
    return [f"{task.name}({argument.arg})" for task, argument in arguments if not _is_id(argument)]


def _is_task(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2] == "task"


def _is_id(argument: ast.arg) -> bool:
    return (argument.arg == "pk" or argument.arg.endswith("_id")) and (
        argument.annotation is not None and ast.unparse(argument.annotation) == "int"
    )


def test_a_task_takes_ids_and_nothing_else() -> None:
    assert [fault for path in modules() for fault in talkative_tasks(parsed(path))] == []
    assert (
        talkative_tasks(ast.parse("@task()\ndef draft(run_id: int) -> None: ...\ndef other(text: str): ..."))
        == []
    )
    assert talkative_tasks(ast.parse("@task\ndef draft(run_id: int, *, name: str) -> None: ...")) == [
        "draft(name)"
    ]


def wordy_tasks(tree: ast.Module) -> list[str]:
    """Background tasks that do anything outside `with wordless():`.

    The table of tasks keeps what an exception said.
    """
    tasks = [function for function in functions(tree) if any(map(_is_task, function.decorator_list))]
    return [task.name for task in tasks if not _is_wordless(task)]


def _is_wordless(task: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = task.body[1:] if ast.get_docstring(task) else task.body
    match body:
        case [ast.With(items=[ast.withitem(context_expr=ast.Call(func=ast.Name(id="wordless")))])]:
            return True
    return False


def test_what_a_task_fails_with_leaves_no_words() -> None:
    assert [fault for path in modules() for fault in wordy_tasks(parsed(path))] == []
    good = "@task()\ndef draft(run_id: int) -> None:\n    'Why.'\n    with wordless():\n        do(run_id)"
    assert wordy_tasks(ast.parse(good)) == []
    assert wordy_tasks(ast.parse(good + "\n    more()")) == ["draft"]
    assert wordy_tasks(ast.parse("@task()\ndef draft(run_id: int) -> None:\n    do(run_id)")) == ["draft"]


@pytest.mark.parametrize("path", parts("actions"), ids=short)
def test_every_action_is_gated_and_names_its_actor_first(path: Path) -> None:
    assert ungated(parsed(path)) + anonymous(parsed(path)) == []


@pytest.mark.parametrize("path", parts("queries"), ids=short)
def test_every_query_names_its_actor_first(path: Path) -> None:
    assert anonymous(parsed(path)) == []


def test_the_wall_lets_good_doors_pass() -> None:
    good = """
@action("note.sign")
def sign_note(actor: Actor, note: ProgressNote, *, credential: str) -> ProgressNote: ...
def _hash(note): ...
"""
    assert ungated(ast.parse(good)) + anonymous(ast.parse(good)) == []


@pytest.mark.parametrize(
    "bad",
    [
        "def sign_note(actor: Actor, note): ...",
        "@action\ndef sign_note(actor: Actor, note): ...",
        "@action('note.sign')\ndef sign_note(note, actor: Actor): ...",
        "@action('note.sign')\ndef sign_note(actor: Actor | None, note): ...",
        "@action('note.sign')\ndef sign_note(actor: Actor = WORKER): ...",
        "@action('note.sign')\ndef sign_note(*, actor: Actor): ...",
        "@cached\nasync def sign_note(actor: Actor, note): ...",
    ],
)
def test_the_wall_stops_bad_doors(bad: str) -> None:
    assert ungated(ast.parse(bad)) + anonymous(ast.parse(bad))
