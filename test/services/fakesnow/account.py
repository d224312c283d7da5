"""The emulator with an account around it: warehouses and roles that may be missing, grants, and errors on demand.

    python account.py --port 8901 [options of server.py]

Tests control it by `POST /control` with a JSON object; keys left out keep their value:

    warehouses   names that exist, null = every name          (a session with another one has no warehouse)
    roles        names that are granted, null = every name    (a login with another one is refused)
    errors       [{"match": regex on the SQL, "code": "002003", "message": "...", "times": 1}]; without times: always

`POST /control/tables` with {"database", "schema", "prefix", "count", "as"} makes many tables of the same query (DuckDB's SQL) at once.
`POST /control/end-sessions` ends every session, as a service that starts anew does; what is stored stays.
`POST /control/reset` makes everything as it was at the start: nothing stored, no session, no rule, an empty statement log.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections import OrderedDict
from typing import Any

import catalog
import server
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

NOTHING_SET: dict[str, Any] = {"warehouses": None, "roles": None, "errors": []}
control: dict[str, Any] = dict(NOTHING_SET)
grants: list[tuple[str, str, str, str]] = []  # privilege, kind, name, role
contexts: dict[str, tuple[str | None, str | None]] = {}  # token: warehouse, role

GRANT = re.compile(r"(GRANT|REVOKE)\s+(?:(ROLE)\s+(\S+)|(.+?)\s+ON\s+([\w ]+?)\s+(\S+))\s+(?:TO|FROM)\s+ROLE\s+(\S+?)\s*;?\s*$", re.I | re.S)
SHOW_GRANTS = re.compile(r'SHOW\s+GRANTS\s+TO\s+ROLE\s+"?([^"]+?)"?\s*;?\s*$', re.I)
COMMENTS = re.compile(r"^\s*(?:/\*.*?\*/\s*)*", re.S)


def refuse(code: str, message: str) -> JSONResponse:
    data = {"errorCode": code, "sqlState": "02000"}
    return JSONResponse({"data": data, "code": code, "message": message, "success": False})


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def context_values(sql: str, token: str) -> str:
    warehouse, role = contexts.get(token, ("COMPUTE_WH", None))
    sql = re.sub(r"\bCURRENT_WAREHOUSE\s*\(\s*\)", text(warehouse) if warehouse else "NULL", sql, flags=re.I)
    return re.sub(r"\bCURRENT_ROLE\s*\(\s*\)", text(role), sql, flags=re.I) if role else sql


HEX_NUMBER = re.compile(r"\bTO_NUMBER\(((?:(?!\bTO_NUMBER\().)*?), 'X+'\)", re.S)
DAY_TIME = re.compile(r"""TO_VARCHAR\(((?:[^(),]|\([^(),]*\))+), 'HH24:MI:SS\.FF9'\)""")
RESULT_SCAN = re.compile(r"TABLE\(RESULT_SCAN\('([^']+)'\)\)", re.I)
texts: OrderedDict[str, str] = OrderedDict()  # query id: the text whose result has times
TIME_FORMAT = re.compile(r"""TO_VARCHAR\(("(?:[^"]|"")+"), 'YYYY-MM-DD HH24:MI:SS\.FF6'\)""")


def functions(sql: str) -> str:
    """Formats that the emulator does not know: numbers in hex digits, times with microseconds; and rows of results."""
    sql = HEX_NUMBER.sub(r"CAST(('0x' || \1) AS BIGINT)", sql)
    sql = DAY_TIME.sub(r"STRFTIME(DATE '2000-01-01' + \1, '%H:%M:%S.%f000')", sql)
    sql = RESULT_SCAN.sub(lambda m: f"({texts[m[1]]})" if m[1] in texts else m[0], sql)
    return TIME_FORMAT.sub(r"STRFTIME(\1, '%Y-%m-%d %H:%M:%S.%f')", sql)


def kept(response: Response, sql: str) -> Response:
    if b'"time"' in response.body and (m := re.search(rb'"queryId":"([^"]+)"', response.body)):
        server.keep(texts, m[1].decode(), sql)
    return response


def with_regex_error(response: Response, sql: str) -> Response:
    """DuckDB's word for a pattern that is none, as Snowflake's."""
    if b'"000603"' not in response.body or " REGEXP " not in sql.upper():
        return response
    message = json.loads(response.body)["message"]
    return refuse("100048", f"Invalid regular expression: {message}") if "Invalid Input Error" in message else response


def record_grant(sql: str) -> None:
    if m := GRANT.match(sql):
        verb, _, role, privileges, kind, name, to = m.groups()
        rows = [("USAGE", "ROLE", role, to)] if role else [(p.strip().upper(), kind.upper(), name, to) for p in privileges.split(",")]
        for row in rows:
            if row in grants:
                grants.remove(row)
            if verb.upper() == "GRANT":
                grants.append(row)


def show_grants(role: str) -> str:
    columns = '"privilege", "granted_on", "name", "granted_to", "grantee_name"'
    rows = [f"({text(p)}, {text(k)}, {text(n)}, 'ROLE', {text(r)})" for p, k, n, r in grants if r == role]
    if not rows:
        return f"SELECT * FROM (VALUES ('', '', '', '', '')) g({columns}) WHERE \"privilege\" <> ''"
    return f"SELECT * FROM (VALUES {', '.join(rows)}) g({columns})"


async def body_of(request: Request) -> dict[str, Any]:
    body = await request.body()
    return json.loads(gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body)


def replace_body(request: Request, body: dict[str, Any]) -> None:
    sent = json.dumps(body).encode()
    request._body = gzip.compress(sent) if request.headers.get("Content-Encoding") == "gzip" else sent  # noqa: SLF001


answer_login = server.answer_login
answer_one = server.answer_query
turns: dict[str, asyncio.Lock] = {}  # token: whose statement is at work


async def answer_query(request: Request) -> Response:
    """One statement of a session after the other: DuckDB refuses a second one meanwhile, or gives the first one's rows to it."""
    async with turns.setdefault(server.base.to_token(request), asyncio.Lock()):
        return await answer_one(request)


async def query_in_account(request: Request) -> Response:
    if server.base.to_token(request) not in server.base.sessions:
        return refuse("390111", "Session no longer exists.  New login required to access the service.")
    body = await body_of(request)
    sql = body["sqlText"]
    for rule in control["errors"]:
        if rule.get("times") != 0 and re.search(rule["match"], sql, re.I | re.S):
            if "times" in rule:
                rule["times"] -= 1
            return refuse(rule["code"], rule["message"])
    plain = sql[COMMENTS.match(sql).end() :]
    record_grant(plain)
    m = SHOW_GRANTS.match(plain)
    rewritten = show_grants(m[1]) if m else context_values(functions(sql), request.headers.get("Authorization", "")[17:-1])
    if rewritten == sql:
        return with_regex_error(kept(await answer_query(request), rewritten), sql)
    sent = await request.body()
    replace_body(request, body | {"sqlText": rewritten})
    response = with_regex_error(kept(await answer_query(request), rewritten), sql)
    request._body = sent  # noqa: SLF001  (the statement log shows what was asked)
    return response


async def login_to_account(request: Request) -> Response:
    role, warehouse = request.query_params.get("roleName"), request.query_params.get("warehouse")
    if role and control["roles"] is not None and role.upper() not in control["roles"]:
        return refuse("390189", f"Role '{role}' specified in the connect string does not exist or not authorized.")
    response = await answer_login(request)
    token = (json.loads(response.body).get("data") or {}).get("token")
    if token:
        exists = warehouse and (control["warehouses"] is None or warehouse.upper() in control["warehouses"])
        contexts[token] = (warehouse.upper() if exists else None, role.upper() if role else None)
    return response


async def set_control(request: Request) -> Response:
    control.update(await request.json())
    return JSONResponse(control)


async def make_tables(request: Request) -> Response:
    asked = await request.json()
    database, schema, prefix, count = (asked[key] for key in ("database", "schema", "prefix", "count"))
    duck = server.base.shared_fs.duck_conn.cursor()
    duck.execute("begin")
    for number in range(1, count + 1):
        duck.execute(f'create table "{database}"."{schema}"."{prefix}{number}" as {asked["as"]}')
    # A transaction writes to one database.
    duck.execute("commit")
    duck.execute(
        f"insert into {catalog.META}._fs_objects (object_type, database_name, schema_name, name, detail) "
        "select 'TABLE', ?, ?, ? || number, 'TABLE' from range(1, ?) numbers(number)",
        [database, schema, prefix, count + 1],
    )
    return JSONResponse({})


async def end_sessions(_: Request) -> Response:
    server.base.sessions.clear()
    return JSONResponse({})


async def reset(_: Request) -> Response:
    server.base.shared_fs.duck_conn.close()
    server.base.shared_fs = server.base.FakeSnow()
    for store in (server.base.sessions, server.results, server.chunks, grants, contexts, turns, texts):
        store.clear()
    control.update(NOTHING_SET)
    if server.Settings.statement_log:
        server.Settings.statement_log.truncate(0)
    return JSONResponse({})


server.answer_query, server.answer_login = query_in_account, login_to_account
server.app.router.routes.insert(0, Route("/control", set_control, methods=["POST"]))
server.app.router.routes.insert(0, Route("/control/tables", make_tables, methods=["POST"]))
server.app.router.routes.insert(0, Route("/control/reset", reset, methods=["POST"]))
server.app.router.routes.insert(0, Route("/control/end-sessions", end_sessions, methods=["POST"]))

if __name__ == "__main__":
    server.main()
