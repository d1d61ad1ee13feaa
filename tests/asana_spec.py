"""Asana's specification as a judge, stricter than it is by itself: what it does not name is a violation.

Its schemas are chains of allOf, in which nothing is required and everything may be there. Here each of them is made
one flat schema: no other property than those it names, and a gid wherever it has one. A compact record may hold any
property of the whole one, for that is what opt_fields does to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.shared import SHARED

PREFIX, URN = "/api/1.0", "urn:asana"
NAME = re.compile(r"{[^}]*}")
Schema = dict[str, Any]
# What the specification's own text says may be null (of the events: "Event.parent will be null", "null as the user").
NULLABLE = (("EventResponse", "parent"), ("EventResponse", "user"))


def judge(method: str, path: str, status: int, content: bytes) -> tuple[str, list[str]]:
    """By what an answer was judged, and what is wrong with it."""
    schema, by = _schema(method.lower(), NAME.sub("{}", path.removeprefix(PREFIX)), status)
    return by, [*_errors(schema, json.loads(content))]


def judge_part(method: str, relative: str, status: int, body: Any) -> list[str]:
    """What is wrong with the answer to one action of a batch."""
    path = re.sub(r"/\d+", "/{}", relative.partition("?")[0])
    return [*_errors(_schema(method.lower(), path, status)[0], body)]


def _errors(schema: Schema, body: Any) -> Iterator[str]:
    _, registry = _load()
    for error in OAS30Validator(schema, registry=registry, format_checker=oas30_format_checker).iter_errors(body):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


@cache
def _schema(method: str, shape: str, status: int) -> tuple[Schema, str]:
    paths, _ = _load()
    operation = paths.get(shape, {}).get(method, {"responses": {}})
    answer = operation["responses"].get(status) or operation["responses"].get(str(status)) or {}
    schema: Schema | None = ((answer.get("content") or {}).get("application/json") or {}).get("schema")
    if status >= HTTPStatus.BAD_REQUEST and (schema is None or "sync" not in schema.get("properties", {})):
        return {"$ref": f"{URN}#/components/schemas/ErrorResponse"}, "ErrorResponse"
    if schema is None:
        return {"not": {}}, "no schema"
    return schema | {"required": ["errors" if status >= HTTPStatus.BAD_REQUEST else "data"]}, "strict schema"


@cache
def _load() -> tuple[dict[str, Any], Registry[Any]]:
    """The paths of the specification with their {names} left blank, and a registry of its flat schemas."""
    with (SHARED / "specs" / "asana.yaml").open(encoding="utf-8") as file:
        whole = yaml.load(file, Loader=yaml.CSafeLoader)
    schemas = whole["components"]["schemas"]
    for name, value in NULLABLE:
        schemas[name]["properties"][value]["allOf"].append({"nullable": True})
    flat = {name: _component(name, schemas) for name in schemas}
    flat["ErrorResponse"]["required"] = ["errors"]
    root = {"components": {"schemas": flat}}
    registry: Registry[Any] = Registry().with_resource(URN, DRAFT4.create_resource(root))
    for operations in whole["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values() if isinstance(operation, dict) else ():
                _resolve(answer, whole["components"], schemas)
    return {NAME.sub("{}", path): operations for path, operations in whole["paths"].items()}, registry


def _resolve(answer: dict[str, Any], components: dict[str, Any], schemas: dict[str, Schema]) -> None:
    if "$ref" in answer:
        answer |= components["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    for content in (answer.get("content") or {}).values():
        if "schema" in content and URN not in str(content["schema"]):
            content["schema"] = _flat(content["schema"], schemas)


def _component(name: str, schemas: dict[str, Schema]) -> Schema:
    whole = name.removesuffix("Compact") + "Response"
    both = [schemas[name], schemas[whole]] if name.endswith("Compact") and whole in schemas else [schemas[name]]
    return _flat({"allOf": both}, schemas)


def _flat(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    if "$ref" in schema:
        reference = {"$ref": URN + schema["$ref"]}
        return _or_null(reference) if schema.get("nullable") else reference
    parts = schema.get("allOf", [])
    if parts and "$ref" in parts[0] and not any("properties" in one for one in parts[1:]):
        return (
            _or_null(_flat(parts[0], schemas))
            if any(one.get("nullable") for one in parts)
            else _flat(parts[0], schemas)
        )
    made = {key: value for key, value in _merged(schema, schemas).items() if key not in {"description", "readOnly"}}
    if "properties" in made:
        made["properties"] = {key: _flat(value, schemas) for key, value in made["properties"].items()}
        made.setdefault("additionalProperties", False)
        if "gid" in made["properties"]:
            made["required"] = ["gid"]
    if "items" in made:
        made["items"] = _flat(made["items"], schemas)
    if made.get("nullable") and "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made


def _merged(schema: Schema, schemas: dict[str, Schema]) -> Schema:
    """A schema with those that it is made of, their properties together."""
    if "$ref" in schema:
        return _merged(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    made: Schema = {}
    for part in [*(_merged(one, schemas) for one in schema.get("allOf", [])), schema]:
        properties = made.get("properties", {}) | part.get("properties", {})
        made |= {key: value for key, value in part.items() if key != "allOf"}
        if properties:
            made["properties"] = properties
    return made


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"nullable": True, "enum": [None]}]}
