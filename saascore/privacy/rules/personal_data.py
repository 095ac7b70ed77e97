"""People: addresses, names and numbers that are personal wherever they stand."""

from __future__ import annotations

from saascore.privacy.rule import Key, Rule, Shape, phrases

_NAMES = """
email, e mail, mail, email address, mail address, contact email, billing email, customer email, user email, owner email, receipt email, sender email, recipient email, emails,
phone, phone number, mobile, mobile number, telephone, tel, whatsapp, cell, fax, phones,
full name, first name, last name, given name, family name, middle name, surname, forename, legal name, real name, customer name, billing name, contact name, person name,
cardholder name, card holder, name on card, user full name, owner name, maiden name, customer full name, recipient name, buyer name, account holder,
street, street address, address, address line 1, address line 2, address line1, address line2, line1, line2, postal code, postcode, zip, zip code, home address, billing address, shipping address, mailing address,
ip, ip address, ip addr, client ip, remote ip, remote addr, remote address, source ip, last ip, user ip, x forwarded for, forwarded for, x real ip, cf connecting ip, true client ip, peer ip, host ip, ipv4, ipv6,
card number, card no, pan, credit card, card last4, last4, last four, card last four, iban, bic, account iban, bank account number, routing number, sort code, tax id, vat id, vat number, vat, ssn, national id, passport, passport number, driver license, nino, ein, tax number, tin, fingerprint card, card fingerprint,
birthday, birth date, date of birth, dob, gender, age of user, latitude, longitude, lat, lng, geo, geolocation, location lat, user agent, useragent, mac address, imei, idfa, idfv, gaid, advertising id, android id, gps adid
"""

RULES: tuple[Rule, ...] = (
    Rule(
        id="privacy.personal-data.email",
        detector=Shape("email"),
        why="An e-mail address.",
        matches=("{b36:6}@{b36:8}.com", "write to {b36:7}.{b36:5}@mail.{b36:6}.org today"),
        passes=("user@example.com", "pydantic@2.14"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.personal-data.card-number",
        detector=Shape("card"),
        why="A payment card number (its check digit is right).",
        matches=("{card}", "card {card-spaced} was used"),
        passes=("1234 5678 9012 3456", "0000 0000 0000 0000"),
    ),
    Rule(
        id="privacy.personal-data.ip-address",
        detector=Shape("ip"),
        why="An IP address.",
        matches=("{ipv4}", "from {ipv6} at noon"),
        passes=("127.0.0.1", "1.2.3"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.personal-data.phone-number",
        detector=Shape("phone"),
        why="A telephone number in international form.",
        matches=("+49 30 {digits:7}", "call +1 (415) 555-{digits:4}"),
        passes=("+1 seat", "2026-03-01"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.personal-data.iban",
        detector=Shape("iban"),
        why="A bank account number (its check digits are right).",
        matches=("{iban}", "to {iban} on Friday"),
        passes=("GB00 0000", "DE00000000000000000000"),
        profiles=("artifact",),
    ),
    Rule(
        id="privacy.personal-data.key-name",
        detector=Key(phrases(_NAMES)),
        why="A field named for personal data may hold only [redacted].",
        matches=('{"customer_email": "{b36:6} at {b36:6}"}', '{"clientIp": "{ipv4}"}'),
        passes=('{"email": "[redacted]"}', '{"emails": 12}'),
        profiles=("artifact",),
    ),
)
