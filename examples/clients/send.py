"""Sends one message through Heddle: python3 send.py HOST PORT USER RECIPIENT < text
The password is read from the environment variable HEDDLE_PASSWORD; a certificate to trust, if it is
one of Heddle's own making, from the file that HEDDLE_CERTIFICATE names."""

import os
import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.utils import formatdate

host, port, user, recipient = sys.argv[1:5]
message = EmailMessage()
message["From"] = user
message["To"] = recipient
message["Date"] = formatdate(localtime=True)
message["Subject"] = "A message from a program"
message.set_content(sys.stdin.read())

trust = ssl.create_default_context(cafile=os.environ.get("HEDDLE_CERTIFICATE"))
with smtplib.SMTP_SSL(host, int(port), context=trust) as server:
    server.login(user, os.environ["HEDDLE_PASSWORD"])
    server.send_message(message)
print("accepted")
