"""The event types of Lemon Squeezy that assert nothing by themselves.

Source: the official JavaScript SDK and the official Laravel package; there is no official Python SDK. The types that
assert something are those of the handlers.
"""

from __future__ import annotations

#: Types that only correlate, each with the public reason.
CONTEXT = {
    "license_key_created": "licence-is-product-state",
    "license_key_updated": "licence-is-product-state",
}

#: Types that mean nothing for entitlements, with the public reason. ``customer_updated`` is named in the
#: documentation only.
IGNORED = {
    "affiliate_activated": "affiliates",
    "customer_updated": "personal-data",
}
