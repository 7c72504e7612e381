"""The SDK of shopguide.

from shopguide_client import Client

with Client("127.0.0.1:7400") as client:
conversation = client.conversation("catalogs/default", visitor_id="v-1")
for event in conversation.say("noise cancelling headphones under $200"):
print(event.text_delta, end="")
"""

from shopguide_client.aio import AsyncClient, AsyncConversation
from shopguide_client.answer import Answer
from shopguide_client.errors import ApiError
from shopguide_client.sync import Client, Conversation, IndexClient

__all__ = ["Answer", "ApiError", "AsyncClient", "AsyncConversation", "Client", "Conversation", "IndexClient"]
__version__ = "0.1.0"
