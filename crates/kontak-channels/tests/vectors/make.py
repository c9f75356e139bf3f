#!/usr/bin/env python3
"""Makes signatures.json: what the vendors' own libraries sign, accept and refuse.

    pip install twilio==9.* line-bot-sdk==3.* svix==1.* pywa==4.*
    python3 make.py

pywa's own check is used for Meta. Each genuine vector is accepted by the library, each forged one
refused; the script fails otherwise. Nothing in it is random, so it writes the same file each time.
"""

import base64
import datetime
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import urlencode

from linebot.v3.webhook import SignatureValidator
from pywa import utils as pywa_utils
from svix.webhooks import Webhook, WebhookVerificationError
from twilio.request_validator import RequestValidator

VECTORS = []


def add(scheme, made_by, secret, url, headers, body, genuine, at=1770000000):
    VECTORS.append(
        dict(scheme=scheme, made_by=made_by, secret=secret, url=url, headers=headers, body=body, at=at, genuine=genuine)
    )


class Form(dict):
    """A form as web frameworks hand it on: several values under one name."""

    def getall(self, name):
        return self[name]


def twilio():
    token = "12345"
    validator = RequestValidator(token)
    forms = [
        [("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("Caller", "+14158675309"), ("To", "+18005551212")],
        [("MediaUrl", "b"), ("MediaUrl", "a"), ("Body", "Xin chào 👋"), ("From", "+84901234567")],
        [("MediaUrl", "a"), ("MediaUrl", "a"), ("MediaUrl", "c")],
        [("Body", "a b+c&d=e%f"), ("Empty", "")],
        [],
    ]
    urls = [
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        "https://h.example/tw",
        "https://h.example:443/tw",
        "https://h.example:8443/tw",
        "http://h.example:80/tw",
        "https://user:pass@h.example/tw?q=%20",
    ]
    for url in urls:
        for pairs in forms:
            params = Form()
            for name, value in pairs:
                params.setdefault(name, []).append(value)
            signature = validator.compute_signature(url, params)
            other = url.replace(":443", "") if ":443" in url else url
            for asked in dict.fromkeys([url, other]):
                genuine = validator.validate(asked, params, signature)
                add("twilio", "twilio", token, asked, {"x-twilio-signature": signature}, urlencode(pairs), genuine)
            forged = Form(params | {"Digits": ["1235"]})
            assert not validator.validate(url, forged, signature)
            body = urlencode([(name, value) for name, values in forged.items() for value in values])
            add("twilio", "twilio", token, url, {"x-twilio-signature": signature}, body, False)
    body = json.dumps({"MessageSid": "SM1", "Body": "halo"}, separators=(",", ":"))
    url = "https://h.example/tw?bodySHA256=" + hashlib.sha256(body.encode()).hexdigest()
    signature = validator.compute_signature(url, {})
    for sent in [body, body + " "]:
        add("twilio", "twilio", token, url, {"x-twilio-signature": signature}, sent, validator.validate(url, sent, signature))


def line():
    secret = "8c570fa6dd201bb328f1c1eac23a96d8"
    validator = SignatureValidator(secret)
    for body in ['{"destination":"U0","events":[]}', '{"destination":"U0","events":[{"type":"message","text":"Xin chào 👋"}]}', ""]:
        signature = base64.b64encode(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()).decode()
        assert validator.validate(body, signature) and not validator.validate(body + " ", signature)
        add("line", "line-bot-sdk", secret, "https://h.example/line", {"x-line-signature": signature}, body, True)
        add("line", "line-bot-sdk", secret, "https://h.example/line", {"x-line-signature": signature}, body + " ", False)


def meta():
    secret = "fb_app_secret"
    for body in ['{"object":"whatsapp_business_account","entry":[]}', '{"text":"Xin chào 👋"}']:
        signature = "sha256=" + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        check = lambda sent: pywa_utils.webhook_updates_validator(secret, sent.encode(), signature)
        assert check(body) and not check(body + " ")
        add("meta", "pywa", secret, "https://h.example/wa", {"x-hub-signature-256": signature}, body, True)
        add("meta", "pywa", secret, "https://h.example/wa", {"x-hub-signature-256": signature}, body + " ", False)


def standard_webhooks():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    webhook = Webhook(secret)
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    at = 1614265330
    for number, body in enumerate(['{"test": 2432232314}', '{"text":"Xin chào 👋"}']):
        id = "msg_p5jXN8AQM9LWM0D4loKWxJek" if number == 0 else "msg_2"
        moment = datetime.datetime.fromtimestamp(at, tz=datetime.timezone.utc)
        signature = webhook.sign(id, moment, body)
        headers = {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": signature}
        add("standard-webhooks", "svix", secret, "https://h.example/in", headers, body, True, at)
        add("standard-webhooks", "svix", secret, "https://h.example/in", headers, body, True, at + 300)
        add("standard-webhooks", "svix", secret, "https://h.example/in", headers, body, False, at + 301)
        add("standard-webhooks", "svix", secret, "https://h.example/in", headers | {"webhook-id": "msg_3"}, body, False, at)
        # The library reads the clock, so what it accepts is tried at the time of now.
        fresh = {"webhook-id": id, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": webhook.sign(id, now, body)}
        webhook.verify(body.encode(), fresh)
        try:
            webhook.verify(body.encode(), headers)
            raise SystemExit("svix takes a stale request")
        except WebhookVerificationError:
            pass


def zalo():
    """No library of the vendor's checks this: the published rule, by hashlib."""
    secret = "secret-of-the-official-account"
    for text in ["Còn hàng không?", "👋", ""]:
        message = {"text": text, "msg_id": "96d3cdf3af150460909"}
        event = {"app_id": "360846524940903967", "event_name": "user_send_text", "sender": {"id": "246845883529197922"},
                 "recipient": {"id": "388613280878808645"}, "message": message, "timestamp": "1770000000123"}
        body = json.dumps(event, ensure_ascii=False)
        mac = hashlib.sha256((event["app_id"] + body + event["timestamp"] + secret).encode()).hexdigest()
        for tried, genuine in [(body, True), (body + " ", False), (body.replace("0123", "0124"), False)]:
            add("zalo", "hashlib", secret, "https://h.example/in", {"x-zevent-signature": f"mac={mac}"}, tried, genuine)


twilio()
line()
meta()
standard_webhooks()
zalo()
path = Path(__file__).with_name("signatures.json")
path.write_text(json.dumps(VECTORS, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
print(f"{len(VECTORS)} vectors, {sum(v['genuine'] for v in VECTORS)} of them genuine")
