"""The API for programs as OpenAPI 3.1, by hand; tests hold every answer against it.

In English only: it is read by programmers and their tools. Version 1 is stable: what stands here stays so.
"""

from typing import Any

_DAY = {"type": "string", "format": "date"}
_MOMENT = {"type": "string", "format": "date-time", "description": "When the register was asked; UTC."}
_TEXTS = {
    "type": "object",
    "description": "One text in each language.",
    "properties": {language: {"type": "string"} for language in ("kk", "ru", "en")},
    "required": ["kk", "ru", "en"],
    "additionalProperties": False,
}


def _or_null(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return schema | {"type": [schema["type"], "null"], "description": description}


_VERDICT = {
    "type": "object",
    "description": "What the register says of a document that exists. Later versions of v1 may have further keys.",
    "properties": {
        "status": {
            "type": "string",
            "enum": ["valid", "expired", "revoked", "replaced"],
            "description": "Only `valid` and, if its age does not matter to you, `expired` may be accepted.",
        },
        "number": {"type": "string", "description": "Registration number, as printed.", "examples": ["SK-2026-000001"]},
        "holder": {"type": "string", "description": "The holder's name, as printed."},
        "kind": {"type": "string", "enum": ["certificate", "attendance", "support"]},
        "topic": _TEXTS,
        "hours": {"type": "integer", "minimum": 1, "description": "Academic hours."},
        "course": {
            "type": "object",
            "properties": {"from": _DAY, "to": _DAY},
            "required": ["from", "to"],
            "additionalProperties": False,
        },
        "issued_on": _DAY,
        "valid_until": _or_null(_DAY, "The last day on which it counts; null for a document without an end."),
        "revoked_on": _or_null(_DAY, "Only of a revoked document."),
        "organisation": _TEXTS,
        "replaced_by": _or_null({"type": "string"}, "Number of the document that took its place."),
        "duplicate_of": _or_null({"type": "string"}, "Number of the document that this is a duplicate of."),
        "sha256": _or_null(
            {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "Digest of the issued PDF, to compare a file with; null while it is being made.",
        ),
        "checked_at": _MOMENT
        | {
            "description": "When this body was made, UTC. After a 304 the body that you kept still holds, and the time "
            "of that check is the `Date` header of the 304."
        },
    },
}
_VERDICT["required"] = sorted(_VERDICT["properties"])  # type: ignore[call-overload]
_FILE = {
    "type": "object",
    "properties": {
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "page": {"type": "string", "format": "uri-reference", "description": "The document's verification page."},
        "verify": {"type": "string", "format": "uri-reference", "description": "The same for programs."},
        "checked_at": _MOMENT,
    },
    "required": ["checked_at", "page", "sha256", "verify"],
}
_PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457). `title` and `detail` are in the language of Accept-Language or `lang`.",
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Stays the same for the same kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer", "enum": [404, 405, 429, 503]},
        "detail": {"type": "string"},
        "verdict": {"type": "string", "enum": ["not_found", "unavailable"]},
        "checked_at": _MOMENT,
    },
    "required": ["type", "title", "status", "detail"],
}


def _problem(description: str, **headers: Any) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content} | ({"headers": headers} if headers else {})


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _get(summary: str, answers: dict[str, Any], *parameters: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*parameters, {"$ref": "#/components/parameters/lang"}],
        "responses": answers
        | {
            "405": _problem("Only GET, HEAD and OPTIONS are answered."),
            "429": _problem("Too many questions from your address in a minute.", **{"Retry-After": _header("Wait")}),
        },
    }


def _in_path(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": description}


_AWAY = _problem("The register does not answer. Never take this for “not found”.", **{"Retry-After": _header("Wait")})
_JSON = "application/json"
DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Check of documents",
        "version": "1.0.0",
        "summary": "Whether a document of professional development is genuine and in force.",
        "description": "Public, read-only, without keys and cookies. The token is the secret part of the address in "
        "the QR code, https://…/v/TOKEN/. Version 1 is stable: answers may gain keys, none is taken away or changes "
        "its meaning; what cannot be so becomes /api/v2/, beside which v1 is answered on.",
    },
    "servers": [{"url": "/", "description": "The host of the address in the QR code"}],
    "paths": {
        "/api/v1/verify/{token}": {
            "get": _get(
                "The verdict on a document by the token of its address",
                {
                    "200": {
                        "description": "The document exists.",
                        "headers": {"ETag": _header("ETag"), "Cache-Control": _header("Cache-Control")},
                        "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Verdict"}}},
                    },
                    "304": {
                        "description": "Nothing about the document has changed since the answer with this ETag; it was "
                        "asked for just now, at the time of the `Date` header.",
                        "headers": {"ETag": _header("ETag")},
                    },
                    "404": _problem("No such document, or no such token: the two are answered alike."),
                    "503": _AWAY,
                },
                _in_path("token", "The part of the printed address between /v/ and the last slash."),
                {"$ref": "#/components/parameters/If-None-Match"},
                name="verify",
            )
        },
        "/api/v1/files/{sha256}": {
            "get": _get(
                "The document that an issued PDF belongs to, by the SHA-256 of its bytes; the file stays with you",
                {
                    "200": {
                        "description": "The file is, byte for byte, one that was issued. Ask next for its verdict.",
                        "content": {_JSON: {"schema": {"$ref": "#/components/schemas/File"}}},
                    },
                    "404": _problem("No issued file has these bytes."),
                    "503": _AWAY,
                },
                _in_path("sha256", "64 hexadecimal digits."),
                name="file",
            )
        },
        "/api/v1/openapi.json": {
            "get": _get(
                "This description",
                {"200": {"description": "OpenAPI 3.1.", "content": {_JSON: {"schema": {"type": "object"}}}}},
                name="description",
            )
        },
    },
    "components": {
        "schemas": {"Verdict": _VERDICT, "File": _FILE, "Problem": _PROBLEM},
        "parameters": {
            "lang": {
                "name": "lang",
                "in": "query",
                "required": False,
                "schema": {"type": "string", "enum": ["kk", "ru", "en"]},
                "description": "Language of a problem's sentences; without it Accept-Language decides.",
            },
            "If-None-Match": {
                "name": "If-None-Match",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": "The ETag of an answer that you kept.",
            },
        },
        "headers": {
            "ETag": {
                "schema": {"type": "string"},
                "description": "Weak: over all facts but the time. It changes when the status or a fact does, be it by "
                "the calendar.",
            },
            "Cache-Control": {
                "schema": {"type": "string", "const": "private, no-cache"},
                "description": "You may keep the answer, and use it again only after asking.",
            },
            "Wait": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds to wait."},
        },
    },
}
