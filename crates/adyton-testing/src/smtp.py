"""An SMTP server for tests: what it accepts is on disk before it says so."""

import asyncio
import email
import email.policy
import json
import os
import sys

from aiosmtpd.smtp import SMTP

port, folder = int(sys.argv[1]), sys.argv[2]
seen = set()
kept = 0


def mood():
    with open(os.path.join(folder, "mood")) as file:
        return file.read()


def part(message, kind):
    body = message.get_body((kind,))
    return body.get_content().replace("\r\n", "\n") if body else None


def keep(envelope):
    global kept
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    told = {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": part(message, "plain"),
        "html": part(message, "html"),
    }
    kept += 1
    path = os.path.join(folder, f"{os.getpid()}-{kept}")
    with open(path, "w") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path, path + ".json")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if mood() == "refuse":
            return "550 5.1.1 There is no " + address
        if mood() == "greylist" and address not in seen:
            seen.add(address)
            return "451 4.7.1 Greylisted, please try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        slow = 0.05 if mood() == "slow" else 0
        await asyncio.sleep(slow)
        keep(envelope)
        await asyncio.sleep(slow)
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="mail.example.com"), "127.0.0.1", port
    )
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
