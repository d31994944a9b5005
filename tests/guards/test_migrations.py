"""Models and migrations agree, and migrations are linear."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = ["ppg", "programmes", "caregivers", "sessions_app", "feedback", "evaluation"]


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)


def test_each_app_has_one_last_migration():
    loader = MigrationLoader(None)
    for app in OURS:
        assert len(loader.graph.leaf_nodes(app)) == 1, f"{app} forks: merge its last migrations by renumbering."
