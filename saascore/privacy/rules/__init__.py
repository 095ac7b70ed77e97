"""The rules, one module a category. They are data: no rule has code of its own."""

from __future__ import annotations

from saascore.privacy.rule import Rule
from saascore.privacy.rules import (
    bearer_token,
    gateway_metadata,
    generated_output_key,
    image_bytes,
    opaque,
    personal_data,
    private_url,
    provider_credential,
    provider_execution_id,
    provider_input_key,
    raw_account_id,
    raw_actor_id,
    raw_customer_id,
    raw_owner_id,
    raw_subscription_id,
    raw_user_id,
    raw_webhook_payload,
    raw_workspace_id,
    storage_key,
    unscannable,
    webhook_secret,
)

# The order decides which rule names a finding where two agree on a key phrase or prefix: the first one does.
RULES: tuple[Rule, ...] = (
    *webhook_secret.RULES,
    *gateway_metadata.RULES,
    *provider_input_key.RULES,
    *generated_output_key.RULES,
    *image_bytes.RULES,
    *storage_key.RULES,
    *raw_webhook_payload.RULES,
    *bearer_token.RULES,
    *provider_credential.RULES,
    *raw_workspace_id.RULES,
    *raw_customer_id.RULES,
    *raw_subscription_id.RULES,
    *raw_owner_id.RULES,
    *raw_account_id.RULES,
    *raw_user_id.RULES,
    *raw_actor_id.RULES,
    *provider_execution_id.RULES,
    *private_url.RULES,
    *personal_data.RULES,
    *opaque.RULES,
    *unscannable.RULES,
)
