#!/usr/bin/env python3
"""The vendors' Python libraries as clients of `echo_webhooks`; started by `run.py`.

In the place of the provider, a library builds and signs what comes in. In the place of the business,
it says to the same interface what the server says: both must write the same.
"""

import asyncio
import base64
import datetime
import hashlib
import hmac
import json
import time
import uuid
from email.message import EmailMessage
from urllib.parse import urlencode
from xml.etree.ElementTree import canonicalize

import pywa
import telegram
from linebot.v3 import messaging as line
from linebot.v3 import webhooks as line_webhooks
from linebot.v3.webhook import SignatureValidator
from svix.webhooks import Webhook
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import Gather, VoiceResponse

from provider import PUBLIC, SECRET, TOKEN, Interface, started

WORDS = "Kapan teknisi datang? Xin chào 👋 <&>"
PHONE = "+6281290435517"
NUMBER = "+18005551212"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def mac(body, key=SECRET):
    return hmac.new(key.encode(), body, hashlib.sha256)


def same(ours, theirs, but=()):
    """Both wrote the same to the same place, under the same name."""
    assert ours.path == theirs.path, f"{ours.path} beside {theirs.path}"
    assert ours.authorization == theirs.authorization, ours.path
    we, they = ([part for part in sorted(w.content.items()) if part[0] not in but] for w in (ours, theirs))
    assert we == they, f"{ours.path}: we wrote {we}, the library {they}"


class AtInterface(TwilioHttpClient):
    def __init__(self, address):
        super().__init__()
        self.address = address

    def request(self, method, url, *rest, **named):
        return super().request(method, url.replace("https://api.twilio.com", self.address), *rest, **named)


def twilio_form(server, path, pairs):
    """Sends a form as Twilio signs it, and others that it does not."""
    sign = RequestValidator(SECRET).compute_signature
    params = {name: value for name, value in pairs}
    body = urlencode(pairs).encode()
    headers = FORM | {"x-twilio-signature": sign(PUBLIC + path, params)}
    answer = server.takes(path, body, headers)
    server.takes(path, body, headers)
    server.refuses_changes(path, body, headers)
    server.refuses(path, body, FORM, "there is no signature")
    server.refuses(path, body, FORM | {"x-twilio-signature": sign(server.own + path, params)}, "of another address")
    other = RequestValidator("another token").compute_signature(PUBLIC + path, params)
    server.refuses(path, body, FORM | {"x-twilio-signature": other}, "of another token")
    return answer


def twilio(server, interface):
    client = Client("AC1", TOKEN, http_client=AtInterface(interface.address))
    pairs = [("MessageSid", "SM1"), ("From", PHONE), ("To", NUMBER), ("Body", WORDS), ("NumMedia", "0")]
    twilio_form(server, "/twilio_sms?shop=jakarta%20pusat", pairs)
    ours = interface.next()
    client.messages.create(to=PHONE, from_=NUMBER, body=WORDS)
    same(ours, interface.next())

    call = [("CallSid", "CA1"), ("From", PHONE), ("To", NUMBER), ("Direction", "inbound")]
    greeting = VoiceResponse()
    greeting.say("Say something, and you hear it again.")
    answer = twilio_form(server, "/twilio_voice", [*call, ("CallStatus", "ringing")])
    assert canonicalize(answer) == canonicalize(str(greeting)), answer
    twilio_form(server, "/twilio_voice", [*call, ("CallStatus", "in-progress"), ("SpeechResult", WORDS)])
    ours = interface.next()
    asked = Gather(input="dtmf speech", action=f"{PUBLIC}/twilio_voice")
    asked.say(WORDS)
    spoken = VoiceResponse()
    spoken.append(asked)
    client.calls("CA1").update(twiml=str(spoken))
    theirs = interface.next()
    for written in (ours, theirs):
        written.content = {"Twiml": canonicalize(written.content["Twiml"][0])}
    same(ours, theirs)


def line_bot(server, interface):
    user = "U" + "7" * 32
    source = line_webhooks.UserSource(user_id=user)
    event = line_webhooks.MessageEvent(
        source=source, timestamp=int(time.time() * 1000), mode=line_webhooks.EventMode.ACTIVE,
        webhook_event_id="01FZ74A0TDDPYRVKNK77XKC3ZR", reply_token="r",
        delivery_context=line_webhooks.DeliveryContext(is_redelivery=False),
        message=line_webhooks.TextMessageContent(id="1", text=WORDS, quote_token="q"),
    )  # fmt: skip
    body = line_webhooks.CallbackRequest(destination="U" + "0" * 32, events=[event]).to_json().encode()
    signature = base64.b64encode(mac(body).digest()).decode()
    assert SignatureValidator(SECRET).validate(body.decode(), signature)
    headers = {"x-line-signature": signature}
    server.takes("/line", body, headers)
    server.takes("/line", body, headers)
    server.refuses_changes("/line", body, headers)
    server.refuses("/line", body, {}, "there is no signature")
    other = base64.b64encode(mac(body, "another secret").digest()).decode()
    server.refuses("/line", body, {"x-line-signature": other}, "of another secret")

    ours = interface.next()
    configuration = line.Configuration(host=f"{interface.address}/line", access_token=TOKEN)
    with line.ApiClient(configuration) as api:
        request = line.PushMessageRequest(to=user, messages=[line.TextMessage(text=WORDS)])
        line.MessagingApi(api).push_message(request, x_line_retry_key=str(uuid.UUID(ours.headers["x-line-retry-key"])))
    theirs = interface.next()
    assert ours.headers["x-line-retry-key"] == theirs.headers["x-line-retry-key"]
    # The library writes out a default.
    assert theirs.content.pop("notificationDisabled", False) is False
    same(ours, theirs)


def whatsapp(server, interface):
    message = {"from": "6281290435517", "id": "wamid.1", "timestamp": "1770000000", "type": "text", "text": {"body": WORDS}}
    contact = {"profile": {"name": "Siti"}, "wa_id": "6281290435517", "user_id": "ID.13491208655302741918"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "628110000000", "phone_number_id": "106540352242922"},
        "contacts": [contact],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False).encode()
    signature = f"sha256={mac(body).hexdigest()}"
    assert pywa.utils.webhook_updates_validator(SECRET, body, signature)
    headers = {"x-hub-signature-256": signature}
    server.takes("/whatsapp", body, headers)
    server.takes("/whatsapp", body, headers)
    server.refuses_changes("/whatsapp", body, headers)
    server.refuses("/whatsapp", body, {}, "there is no signature")
    server.refuses("/whatsapp", body, {"x-hub-signature-256": f"sha256={mac(body, 'other').hexdigest()}"}, "of another secret")

    asked = "/whatsapp?" + urlencode({"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": SECRET})
    assert server.ask(asked) == (200, "1158201444")
    assert server.ask(asked.replace(SECRET, "another"))[0] == 401

    ours = interface.next()
    business = pywa.WhatsApp("106540352242922", TOKEN)
    business.api._session.base_url = f"{interface.address}/graph"
    business.send_message(to=contact["user_id"], text=WORDS, preview_url=True)
    theirs = interface.next()
    # Ours is found again by its key.
    assert ours.content.pop("biz_opaque_callback_data")
    same(ours, theirs)


def telegram_bot(server, interface):
    user = telegram.User(7, "Siti", False, username="siti")
    at = datetime.datetime.now(datetime.timezone.utc)
    message = telegram.Message(2, at, telegram.Chat(7, "private"), from_user=user, text=WORDS)
    body = telegram.Update(1, message=message).to_json().encode()
    header = "x-telegram-bot-api-secret-token"
    server.takes("/telegram", body, {header: SECRET})
    server.takes("/telegram", body, {header: SECRET})
    server.refuses("/telegram", body, {}, "there is no token")
    server.refuses("/telegram", body, {header: SECRET[:-1]}, "the token is cut")
    server.refuses("/telegram", body, {header: SECRET + "x"}, "the token is longer")

    ours = interface.next()
    bot = telegram.Bot(TOKEN, base_url=f"{interface.address}/telegram/bot")
    asyncio.run(bot.send_message(7, WORDS))
    theirs = interface.next()
    theirs.content = {name: values[0] for name, values in theirs.content.items()}
    ours.content = {name: str(value) for name, value in ours.content.items()}
    same(ours, theirs)


def standard_webhooks(server, interface):
    webhook = Webhook("whsec_" + base64.b64encode(SECRET.encode()).decode())
    said = {"id": "1", "from": {"id": "member 77", "name": "Siti"}, "text": WORDS}
    text = json.dumps({"type": "message.created", "data": said}, ensure_ascii=False)

    def signed(seconds, name="msg_1"):
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
        return {
            "webhook-id": name,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": webhook.sign(name, at, text),
        }

    headers, body = signed(0), text.encode()
    webhook.verify(text, headers)
    server.takes("/webhook", body, headers)
    server.takes("/webhook", body, headers)
    server.takes("/webhook", body, signed(-290, "msg_2"))
    server.refuses_changes("/webhook", body, headers)
    server.refuses("/webhook", body, headers | {"webhook-id": "msg_3"}, "the id was changed")
    server.refuses("/webhook", body, signed(-310), "stale")
    server.refuses("/webhook", body, signed(310), "from the future")
    server.refuses("/webhook", body, headers | {"webhook-signature": "v1,"}, "the signature is empty")
    ours = interface.next()
    assert ours.authorization == f"Bearer {TOKEN}"
    assert ours.content["data"]["to"] == "member 77" and WORDS in json.dumps(ours.content, ensure_ascii=False)


def without_a_library(server, interface):
    """Zalo and our own way to hand mails in: the published rule, by hashlib."""
    message = {"text": WORDS, "msg_id": "96d3cdf3af150460909"}
    event = {"app_id": "360846524940903967", "event_name": "user_send_text", "sender": {"id": "246845883529197922"},
             "recipient": {"id": "388613280878808645"}, "message": message, "timestamp": "1770000000123"}  # fmt: skip
    text = json.dumps(event, ensure_ascii=False)
    signature = hashlib.sha256((event["app_id"] + text + event["timestamp"] + SECRET).encode()).hexdigest()
    headers, body = {"x-zevent-signature": f"mac={signature}"}, text.encode()
    server.takes("/zalo", body, headers)
    server.takes("/zalo", body, headers)
    server.refuses_changes("/zalo", body, headers)
    server.refuses("/zalo", body, {}, "there is no signature")
    ours = interface.next()
    assert ours.content == {"recipient": {"user_id": event["sender"]["id"]}, "message": {"text": WORDS}}
    assert ours.headers["access_token"] == TOKEN

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Siti <siti@gmail.com>", "desk@shop.example.com", "Kapan? Đến khi nào?"
    mail["Message-ID"] = "<1@mail.gmail.com>"
    mail.set_content(WORDS)
    body = mail.as_bytes()

    def signed(seconds):
        at = str(int(time.time()) + seconds)
        return {"x-mail-timestamp": at, "x-mail-signature": mac(at.encode() + b"." + body).hexdigest()}

    headers = signed(0)
    server.takes("/email", body, headers)
    server.takes("/email", body, signed(-290))
    server.refuses_changes("/email", body, headers)
    server.refuses("/email", body, signed(-310), "stale")
    server.refuses("/email", body, signed(310), "from the future")


def main():
    interface = Interface()
    with started(interface) as server:
        channels = [twilio, line_bot, whatsapp, telegram_bot, standard_webhooks, without_a_library]
        for channel in channels:
            channel(server, interface)
            print(f"sdks: python: {channel.__name__}: ok")
        assert server.ask("/nowhere", b"")[0] == 404
        assert interface.written.empty(), f"answered twice: {interface.next().path}"
    assert any(line.startswith("email: answer: Mail") for line in server.said), server.said
    print(f"sdks: python: {server.taken} requests taken, {server.refused} forged or stale ones refused")


if __name__ == "__main__":
    main()
