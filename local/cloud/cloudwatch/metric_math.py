"""The part of CloudWatch metric math that alarms here use, on one value per metric and period."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

Value = float | None

OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
    ast.Eq: lambda a, b: float(a == b),
    ast.NotEq: lambda a, b: float(a != b),
}


def evaluate(expression: str, values: Mapping[str, Value]) -> Value:
    """The expression's value for one period; None where data is missing or a division is by zero.

    Raises:
        ValueError: the expression uses something else than + - * /, comparisons, IF, FILL, MAX, MIN, SUM, AVG, ABS.
    """
    try:
        return _value(ast.parse(expression, mode="eval").body, values)
    except SyntaxError as error:
        raise ValueError(f"metric math '{expression}' cannot be read: {error.msg}") from error


def _value(node: ast.AST, values: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise ValueError(f"metric math names the unknown id '{node.id}'")
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand, values)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return _apply(type(node.op), _value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _apply(type(node.ops[0]), _value(node.left, values), _value(node.comparators[0], values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id.upper(), node.args, values)
    if isinstance(node, ast.List):
        raise ValueError("metric math: a list stands only inside MAX, MIN, SUM or AVG")
    raise ValueError(f"metric math: {ast.unparse(node)} is not supported by the local cloud")


def _apply(kind: type[ast.AST], left: Value, right: Value) -> Value:
    if left is None or right is None or (kind is ast.Div and right == 0):
        return None
    return OPERATORS[kind](left, right)


def _call(name: str, arguments: list[ast.expr], values: Mapping[str, Value]) -> Value:
    if name == "IF" and len(arguments) in (2, 3):
        chosen = arguments[1] if _value(arguments[0], values) else (arguments[2] if len(arguments) == 3 else None)
        return None if chosen is None else _value(chosen, values)
    if name == "FILL" and len(arguments) == 2:
        first = _value(arguments[0], values)
        return _value(arguments[1], values) if first is None else first
    nodes = arguments[0].elts if len(arguments) == 1 and isinstance(arguments[0], ast.List) else arguments
    numbers = [value for value in (_value(node, values) for node in nodes) if value is not None]
    functions: dict[str, Callable[[list[float]], float]] = {
        "MAX": max,
        "MIN": min,
        "SUM": sum,
        "AVG": lambda found: sum(found) / len(found),
        "ABS": lambda found: abs(found[0]),
    }
    if name not in functions:
        raise ValueError(f"metric math: the function {name} is not supported by the local cloud")
    return functions[name](numbers) if numbers else None
