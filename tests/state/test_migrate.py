"""A database of any age becomes one of today, and one of today stays as it is."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, inspect, text

from seawall.state.migrate import FOLDER, downgrade, upgrade
from seawall.state.tables import HEAD, Base


def test_an_empty_database_gets_every_table_and_knows_its_version(address: str) -> None:
    engine = create_engine(address)
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
    engine.dispose()


def test_a_second_upgrade_changes_nothing_and_loses_nothing(address: str) -> None:
    engine = create_engine(address)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO hunts (started, counts) VALUES ('2026-01-01 00:00:00', '{}')"))
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM hunts")).scalar_one() == 1
    engine.dispose()


def test_the_newest_migration_is_the_one_the_tables_name_and_there_is_one_line_of_them() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert scripts.get_heads() == [HEAD]


def test_a_version_nobody_knows_leaves_the_database_empty(address: str) -> None:
    engine = create_engine(address)
    with pytest.raises(CommandError):
        upgrade(engine, "9999")
    assert inspect(engine).get_table_names() in ([], ["alembic_version"])
    engine.dispose()


def test_every_migration_can_be_taken_back_and_taken_again(address: str) -> None:
    engine = create_engine(address)
    upgrade(engine)
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
