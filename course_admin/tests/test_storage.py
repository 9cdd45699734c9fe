"""Documents in an S3-compatible store: a real one on loopback, set by the variables that an operator sets."""

import boto3
import pytest
from moto.server import ThreadedMotoServer

from course_admin.tests.test_settings import manage

STORE = {"region_name": "kz-1", "aws_access_key_id": "key", "aws_secret_access_key": "secret"}
CODE = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as store
first = store.save("documents/құжат.pdf", ContentFile(b"%PDF-1"))
second = store.save("documents/құжат.pdf", ContentFile(b"%PDF-2"))
print(store.__class__.__name__, first != second, store.open(first).read(), store.open(second).read(), store.size(first))
"""


@pytest.fixture
def endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_documents_go_to_the_bucket_and_are_never_overwritten(endpoint, tmp_path):
    bucket = boto3.resource("s3", endpoint_url=endpoint, **STORE).create_bucket(
        Bucket="course-documents", CreateBucketConfiguration={"LocationConstraint": "kz-1"}
    )
    variables = {
        "S3_BUCKET": "course-documents",
        "S3_ENDPOINT": endpoint,
        "S3_REGION": "kz-1",
        "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": "secret",
    }
    result = manage(tmp_path, "shell", "-v0", "-c", CODE, **variables)
    assert result.stdout.strip() == "S3Storage True b'%PDF-1' b'%PDF-2' 6", result.stderr
    assert "documents/құжат.pdf" in {item.key for item in bucket.objects.all()}
    assert list((tmp_path / "documents").iterdir()) == []


def test_without_a_bucket_documents_are_files_and_boto_is_not_loaded(tmp_path):
    code = CODE + "import sys; print('boto3' in sys.modules)"
    assert manage(tmp_path, "shell", "-v0", "-c", code).stdout.split()[-1] == "False"
    assert len(list((tmp_path / "documents" / "documents").iterdir())) == 2
