#!/usr/bin/env python3
"""Makes telegram.json: what python-telegram-bot reads in updates of the Bot API.

    pip install python-telegram-bot==22.*
    python3 telegram_updates.py
"""

import json
from pathlib import Path

from telegram import Bot, Update

BOT = Bot("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
BUDI = {"id": 1111111, "is_bot": False, "first_name": "Budi", "last_name": "Santoso", "username": "budi_s", "language_code": "id"}
PRIVATE = {"id": 1111111, "first_name": "Budi", "type": "private"}
GROUP = {"id": -1001234567890, "title": "Toko", "type": "supergroup", "is_forum": True}
SIZE = {"file_id": "AgACAgUAAx", "file_unique_id": "AQADu", "width": 90, "height": 90, "file_size": 1100}
FILE = {"file_id": "BQACAgUAAx", "file_unique_id": "AgADB", "file_size": 5276}


def message(number, inside, chat=PRIVATE):
    return {"message_id": number, "date": 1770000000 + number, "chat": chat, "from": BUDI} | inside


INSIDES = [
    {"text": "Apakah masih ada? 👋"},
    {"text": "Ya", "reply_to_message": message(3, {"text": "Halo"})},
    {"photo": [SIZE, SIZE | {"file_id": "large", "width": 800, "height": 800, "file_size": 80000}], "caption": "Rusak begini"},
    {"document": FILE | {"file_name": "faktur.pdf", "mime_type": "application/pdf"}},
    {"voice": FILE | {"duration": 7, "mime_type": "audio/ogg"}},
    {"video": FILE | {"width": 320, "height": 240, "duration": 12, "mime_type": "video/mp4"}},
    {"audio": FILE | {"duration": 200, "title": "Lagu", "mime_type": "audio/mpeg"}},
    {"sticker": FILE | {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}},
    {"location": {"latitude": -6.2, "longitude": 106.8}},
    {"venue": {"location": {"latitude": -6.2, "longitude": 106.8}, "title": "Toko Budi", "address": "Jl. Sudirman"}},
    {"contact": {"phone_number": "6281290435517", "first_name": "Budi", "user_id": 1111111}},
]


def updates():
    for number, inside in enumerate(INSIDES, 10):
        yield {"update_id": number, "message": message(number, inside)}
    yield {"update_id": 50, "message": message(50, {"text": "Di grup", "message_thread_id": 5, "is_topic_message": True}, GROUP)}
    yield {"update_id": 51, "edited_message": message(51, {"text": "Diubah", "edit_date": 1770000099})}
    tapped = message(77, {"text": "Kapan?", "reply_markup": {"inline_keyboard": [[{"text": "Selasa", "callback_data": "tue"}]]}})
    yield {"update_id": 52, "callback_query": {"id": "4382bfdwdsb323b2d9", "from": BUDI, "chat_instance": "1", "data": "tue", "message": tapped}}
    yield {
        "update_id": 53,
        "message_reaction": {"chat": PRIVATE, "message_id": 77, "user": BUDI, "date": 1770000000, "old_reaction": [],
                             "new_reaction": [{"type": "emoji", "emoji": "👍"}]},
    }


def read(update):
    """What matters to us, by the names that the library gives it."""
    parsed = Update.de_json(update, BOT)
    said = parsed.message or parsed.edited_message
    out = {"user": parsed.effective_user.id, "name": parsed.effective_user.full_name, "user_name": parsed.effective_user.username}
    if said:
        media = said.effective_attachment
        media = media[-1] if isinstance(media, (list, tuple)) else media
        out |= {
            "message": f"{said.chat_id}:{said.message_id}",
            "at": int((said.edit_date or said.date).timestamp()),
            "text": said.text,
            "caption": said.caption,
            "file": getattr(media, "file_id", None),
            "size": getattr(media, "file_size", None),
            "reply_to": said.reply_to_message and f"{said.chat_id}:{said.reply_to_message.message_id}",
        }
    elif parsed.callback_query:
        out |= {"option": parsed.callback_query.data}
    else:
        out |= {"emoji": parsed.message_reaction.new_reaction[0].emoji}
    return {key: value for key, value in out.items() if value is not None}


vectors = [{"update": update, "read": read(update)} for update in updates()]
Path(__file__).with_name("telegram.json").write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
print(f"{len(vectors)} updates")
