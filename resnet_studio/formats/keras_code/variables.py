"""Variables for the tensors of a scope, named as people name them.

A plain chain reuses ``x``.  Where an identity link or a projection leaves it, ``shortcut`` keeps
the input of the branch.  Whatever else has to be kept is called by its node's id.
"""

from dataclasses import dataclass

from resnet_studio.formats.keras_code.layout import STEP, Expression, call
from resnet_studio.formats.keras_code.naming import Names
from resnet_studio.formats.keras_code.steps import Scope, Step, Tensor, last_uses

MAIN, SHORTCUT = "x", "shortcut"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the node ``key``, ``indent`` columns further in than its function."""

    key: str
    expression: Expression
    indent: int = 0


class Writer:
    """Writes the steps of one scope, giving variables as it goes.

    ``given`` names the outputs of the first steps (a function's parameters).  ``final`` is the
    name that the only result of a network gets, if it gets one.
    """

    def __init__(
        self, scope: Scope, names: Names, given: dict[Tensor, str], final: str | None = None
    ) -> None:
        self.scope, self.names = scope, names
        self.position = [0] * len(scope.steps)
        for position, i in enumerate(scope.order):
            self.position[i] = position
        self.last_use = last_uses(scope, self.position)
        self.given = given
        self.variables: dict[Tensor, str] = dict(given)
        self.holds = {name: tensor for tensor, name in given.items()}
        self.layers: dict[int, str] = {}
        self.statements: list[Statement] = []
        self._forks = self._bridged()
        self._bridges = {i for fork in self._forks.values() for i in fork}
        self._homes = self._plan(final)
        for i in scope.order:
            self._write(i)

    def results(self) -> list[str]:
        return [self.variables[tensor] for tensor in self.scope.results]

    # Where each tensor is to live

    def _bridged(self) -> dict[Tensor, tuple[int, ...]]:
        """The forks that get ``shortcut``: one at a time, the outer before the inner."""
        at = self.position
        found: dict[Tensor, tuple[int, ...]] = {}
        free_from = 0
        for fork in sorted(self.scope.forks, key=lambda fork: at[fork.tensor[0]]):
            if at[fork.tensor[0]] >= free_from:
                found[fork.tensor] = fork.bridge
                free_from = at[fork.merge]
        return found

    def _plan(self, final: str | None) -> dict[Tensor, str | None]:
        """``x``, ``shortcut``, or None for a name of its own, for each tensor."""
        homes: dict[Tensor, str | None] = dict(self.given)
        for i, step in enumerate(self.scope.steps):
            for output in range(len(step.wishes)):
                if (i, output) not in homes:
                    homes[i, output] = self._home((i, output))
        for step in self.scope.steps:
            # The ends of parallel branches are all called by their ids, or none of them.
            ends = [t for t in step.inputs if len(self.scope.readers[t]) == 1]
            if len(ends) > 1 and any(homes[t] is None for t in ends):
                homes |= {t: None for t in ends if homes[t] == MAIN and t not in self.given}
        if final is not None and len(self.scope.results) == 1:
            (result,) = self.scope.results
            if not self.scope.steps[result[0]].rounds and result not in self.given:
                homes[result] = final
        return homes

    def _home(self, tensor: Tensor) -> str | None:
        i = tensor[0]
        if i in self._bridges:
            return SHORTCUT
        if tensor in self._forks:
            return MAIN
        results = self.scope.results
        if tensor in results and len(results) > 1:
            return None
        start = self.position[i]
        end = self.last_use.get(tensor, start)
        if end - start - 1 > len(self._bridges) or len(self.scope.steps[i].wishes) > 1:
            return None
        between = self.scope.order[start + 1 : end]
        return MAIN if all(step in self._bridges for step in between) else None

    # Statements

    def _write(self, i: int) -> None:
        step = self.scope.steps[i]
        if step.callee is None:
            return
        read = [self.variables[tensor] for tensor in step.inputs]
        for tensor in set(step.inputs) & self._forks.keys():
            # The branch starts here: what it is to be added to is kept first, as people do.
            if self.variables[tensor] == MAIN and i not in self._bridges:
                self._keep(i, MAIN)
        targets = [self._target(i, output) for output in range(len(step.wishes))]
        for output, target in enumerate(targets):
            self._keep(i, target)
            self.variables[i, output] = target
            self.holds[target] = (i, output)
        callee = self._callee(i, step)
        if step.rounds:
            self._loop(step, callee, read[0], targets[0])
        else:
            assert step.brackets is not None or not read
            brackets = (step.brackets(read),) if step.brackets else ()
            self._say(step, (f"{', '.join(targets)} = ", *callee, *brackets))

    def _target(self, i: int, output: int) -> str:
        home = self._homes[i, output]
        return home or self.names.fresh(self.scope.steps[i].wishes[output])

    def _keep(self, i: int, target: str) -> None:
        """Saves what ``target`` holds if it is read again after step ``i``."""
        held = self.holds.get(target)
        if held is None or held[0] == i or self.last_use.get(held, -1) <= self.position[i]:
            return
        step = self.scope.steps[held[0]]
        busy = self.last_use.get(self.holds.get(SHORTCUT, (-1, 0)), -1) > self.position[i]
        name = SHORTCUT
        if held not in self._forks or busy:
            name = self.names.fresh(step.wishes[held[1]])
        self._say(self.scope.steps[i], (f"{name} = {target}",))
        self.variables[held] = name
        self.holds[name] = held
        del self.holds[target]

    def _callee(self, i: int, step: Step) -> Expression:
        """What is called; a shared layer is made before its first call."""
        assert step.callee is not None
        if step.layer is None:
            return step.callee
        if step.layer not in self.layers:
            owner = self.scope.steps[step.layer]
            assert owner.callee is not None
            name = self.layers[step.layer] = self.names.fresh(f"{owner.wishes[0]}_layer")
            self._say(step, (f"{name} = ", *owner.callee))
        return (self.layers[step.layer],)

    def _loop(self, step: Step, callee: Expression, read: str, target: str) -> None:
        assert step.brackets is not None
        if read != target:
            self._say(step, (f"{target} = {read}",))
        self._say(step, ("for _ in range", call((step.rounds,)), ":"))
        body = (f"{target} = ", *callee, step.brackets([target]))
        self.statements.append(Statement(step.key, body, STEP))

    def _say(self, step: Step, expression: Expression) -> None:
        self.statements.append(Statement(step.key, expression))
