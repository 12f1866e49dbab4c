"""A file is handed in on a page, judged by a program of its own, and told about."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.data.standard import samples
from gongheng.data.validations import actions, reasons, storage
from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job
from gongheng.data.validations.tests.support import NOW, actor, person, projects, submitted
from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
IDENTITY = "53010019900101001X"


@pytest.fixture(autouse=True)
def quiet_house(settings: Any, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)


@pytest.fixture
def account() -> Account:
    return person("operator")


@pytest.fixture
def operator(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def who(account: Account) -> Actor:
    return actor(account)


def handed_in(client: Client, content: bytes, name: str = "PROJECT-202611.csv") -> Job:
    answer = client.post("/validations/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.latest("queued_at")


def test_a_file_with_errors_is_judged_and_every_error_listed(operator: Client) -> None:
    job = handed_in(operator, projects(PROJECT_NAME=""))
    page = operator.get(f"/validations/{job.pk}/")
    assert page.headers["Refresh"] == "3"
    assert "即将开始" in page.content.decode()

    assert actions.step(now=NOW)

    job.refresh_from_db()
    assert (job.state, job.rows) == (State.DONE, 2)
    assert not (storage.folder_of(job.pk) / job.name).exists()
    words = operator.get(f"/validations/{job.pk}/").content.decode()
    assert "“项目名称”必须填写。" in words
    assert str(storage.folder_of(job.pk)) not in words
    listed = b"".join(operator.get(f"/validations/{job.pk}/errors.csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(listed.decode("utf-8-sig"))))
    assert ("2", "PROJECT_NAME", "std.required") in {
        (row["row"], row["field"], row["rule"]) for row in rows
    }
    told = operator.get(f"/validations/{job.pk}.json").json()
    assert told["summary"]["datasets"]["PROJECT"]["records"] == 2
    assert not actions.step(now=NOW)


def test_a_file_that_is_none_says_what_is_wrong_with_it(operator: Client) -> None:
    job = handed_in(operator, b"%PDF-1.4", "PROJECT.pdf")

    actions.step(now=NOW)

    assert "不支持这种文件格式" in operator.get(f"/validations/{job.pk}/").content.decode()


def test_the_name_of_a_file_leads_nowhere_else(who: Actor) -> None:
    job = submitted(who, name="../../PROJECT; rm -rf.csv")

    assert job.name == "PROJECT_rm_-rf.csv"
    assert [path.name for path in storage.folder_of(job.pk).iterdir()] == [job.name]


def test_a_person_waits_with_five_files_at_most(who: Actor) -> None:
    for _ in range(actions.MOST_WAITING):
        submitted(who)

    with pytest.raises(Refusal) as refusal:
        submitted(who)

    assert refusal.value.reason is reasons.TOO_MANY


def test_a_file_that_is_too_large_is_not_kept(
    who: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(storage, "LARGEST", 10)

    with pytest.raises(Refusal) as refusal:
        submitted(who, b"x" * 11)

    assert refusal.value.reason is reasons.TOO_LARGE
    assert list((tmp_path / "validations").iterdir()) == []


def test_a_job_that_was_cut_off_is_taken_up_again_and_given_up_the_third_time(
    operator: Client, who: Actor
) -> None:
    job = submitted(who, projects())
    Job.objects.update(state=State.RUNNING, tries=2)
    assert actions.step(now=NOW)
    job.refresh_from_db()
    assert job.state == State.DONE

    job = submitted(who, projects())
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, tries=3)
    assert actions.step(now=NOW)

    job.refresh_from_db()
    assert (job.state, job.reason) == (State.FAILED, reasons.INTERRUPTED.code)
    assert reasons.INTERRUPTED.message in operator.get(f"/validations/{job.pk}/").content.decode()


def test_nobody_sees_the_job_of_another(who: Actor) -> None:
    job = submitted(who)
    other = Client()
    other.force_login(person("other"))

    for address in ("/", ".json", "/errors.csv"):
        assert other.get(f"/validations/{job.pk}{address}").status_code == 404


def test_what_nobody_comes_back_for_is_forgotten(who: Actor) -> None:
    job = submitted(who, projects())
    actions.step(now=NOW)

    assert actions.sweep(now=NOW + timedelta(days=30)) == 0
    assert actions.sweep(now=NOW + timedelta(days=31)) == 1
    assert not storage.folder_of(job.pk).exists()


def test_the_list_of_errors_masks_what_is_a_persons(operator: Client) -> None:
    body = samples.full("TENDER_LIST") | {"PM_CODE": IDENTITY}
    job = handed_in(operator, json.dumps(body, ensure_ascii=False).encode(), "TENDER_LIST.jsonl")

    actions.step(now=NOW)

    listed = b"".join(operator.get(f"/validations/{job.pk}/errors.csv").streaming_content)
    assert IDENTITY.encode() not in listed
    assert IDENTITY not in operator.get(f"/validations/{job.pk}/").content.decode()


def test_the_program_ends_with_the_worker_that_started_it(tmp_path: Path) -> None:
    file = tmp_path / "PROJECT.csv"
    file.write_bytes(projects())
    command = [sys.executable, "-m", "gongheng.data.validations.judge", file, tmp_path / "e.csv"]

    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    assert done.returncode == 1
    assert b"summary" not in done.stdout
