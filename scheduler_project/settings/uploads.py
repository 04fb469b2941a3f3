"""How uploads lie in S3."""

from typing import Any

A_YEAR = "public, max-age=31536000, immutable"


def s3_logos(*, domain: str = "") -> dict[str, Any]:
    """Logos in the bucket of AWS_STORAGE_BUCKET_NAME: readable by all, never overwritten, kept by browsers.

    `domain` is a CDN's in front of the bucket, or empty. The bucket's policy lets everybody read `brand/*`:
    signed addresses would end within the hour, and answers that name a logo are kept longer.
    """
    options: dict[str, Any] = {
        "querystring_auth": False,
        "file_overwrite": False,
        "default_acl": None,
        "object_parameters": {"CacheControl": A_YEAR},
    }
    if domain:
        options["custom_domain"] = domain
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
