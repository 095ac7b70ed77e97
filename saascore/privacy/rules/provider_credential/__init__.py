"""Keys, passwords and private keys of providers: whoever holds one can act or pay in somebody's name."""

from __future__ import annotations

from saascore.privacy.rule import Rule
from saascore.privacy.rules.provider_credential import forms, names, prefixes

RULES: tuple[Rule, ...] = (*prefixes.RULES, *forms.RULES, *names.RULES)
