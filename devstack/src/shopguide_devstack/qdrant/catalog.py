"""All collections and aliases of the node, and their persistence."""

import copy
from collections.abc import Iterable
from datetime import UTC, datetime

import qdrant_edge as edge
from google.protobuf.json_format import MessageToDict, ParseDict
from qdrant_client.grpc import collections_pb2, points_pb2

from shopguide_devstack.qdrant.collection import Collection
from shopguide_devstack.qdrant.errors import (
    Existing,
    InvalidRequest,
    Missing,
    StartupError,
    Unsupported,
    missing_collection,
)
from shopguide_devstack.qdrant.indexes import index_schema
from shopguide_devstack.qdrant.schema import check_creation, check_name, engine_config
from shopguide_devstack.qdrant.storage import CollectionEntry, DataDirectory, Manifest


class Catalog:
    """The collections and aliases. Used on the engine's thread only; made by `open`."""

    def __init__(self, directory: DataDirectory) -> None:
        self._directory = directory
        self._manifest = directory.read()
        self._collections: dict[str, Collection] = {}

    @classmethod
    def open(cls, directory: DataDirectory) -> "Catalog":
        """Load everything the directory holds.

        Raises:
            StartupError: the manifest or a shard is damaged.
        """
        catalog = cls(directory)
        directory.remove_leftovers(catalog._manifest)
        for name, entry in catalog._manifest.collections.items():
            catalog._collections[name] = _load(name, entry, directory)
        return catalog

    @property
    def names(self) -> list[str]:
        """The names of all collections."""
        return sorted(self._collections)

    @property
    def aliases(self) -> dict[str, str]:
        """The collection behind each alias."""
        return dict(self._manifest.aliases)

    def has(self, name: str) -> bool:
        """Tell whether a collection or alias of this name exists."""
        return name in self._collections or name in self._manifest.aliases

    def get(self, name: str) -> Collection:
        """Return a collection by name or alias.

        Raises:
            Missing: there is none.
        """
        collection = self._collections.get(self._manifest.aliases.get(name, name))
        if collection is None:
            raise missing_collection(name)
        return collection

    def shard(self, name: str) -> edge.EdgeShard:
        """Return the shard of a collection by name or alias."""
        return self.get(name).shard

    def create(self, request: collections_pb2.CreateCollection) -> None:
        """Create a collection.

        Raises:
            Existing: a collection or alias has the name.
            InvalidRequest | Unsupported: the configuration is wrong or beyond the node.
        """
        name = request.collection_name
        check_creation(request)
        if self.has(name):
            raise Existing(f"Wrong input: Collection `{name}` already exists!")
        config = engine_config(request)
        folder = self._directory.new_folder()
        shard = edge.EdgeShard.create(str(self._directory.folder(folder)), config)
        shard.flush()
        created_at = datetime.now(UTC)
        manifest = copy.deepcopy(self._manifest)
        manifest.collections[name] = CollectionEntry(folder, created_at.isoformat(), MessageToDict(request))
        self._commit(manifest)
        self._collections[name] = Collection(shard, _copied(request), created_at, {})

    def delete(self, name: str) -> bool:
        """Delete a collection and its aliases; return whether it existed. Aliases are not followed."""
        collection = self._collections.get(name)
        if collection is None:
            return False
        manifest = copy.deepcopy(self._manifest)
        entry = manifest.collections.pop(name)
        manifest.aliases = {alias: target for alias, target in manifest.aliases.items() if target != name}
        self._commit(manifest)
        del self._collections[name]
        collection.close()
        self._directory.remove_folder(entry.folder)
        return True

    def reconfigure(self, request: collections_pb2.UpdateCollection) -> None:
        """Change the metadata of a collection, or have it optimized now.

        As on a server, a change of the optimizer's configuration starts an optimizer run; the changed thresholds
        themselves are not taken over.

        Raises:
            Unsupported: the request changes anything else.
        """
        collection = self.get(request.collection_name)
        for field, _ in request.ListFields():
            if field.name not in {"collection_name", "timeout", "metadata", "optimizers_config"}:
                raise Unsupported(f"changing `{field.name}` of a collection")
        if any(True for _ in request.optimizers_config.ListFields()):
            raise Unsupported(
                "changing optimizer thresholds of a collection (an empty optimizers_config starts a run)"
            )
        if request.metadata:
            for key, value in request.metadata.items():
                collection.config.metadata[key].CopyFrom(value)
            self._store(request.collection_name, collection)
        if request.HasField("optimizers_config"):
            collection.request_optimization()
            collection.optimize()

    def create_index(self, request: points_pb2.CreateFieldIndexCollection) -> int:
        """Create a payload index and return the number of the update; durable once flushed, as all updates are."""
        collection = self.get(request.collection_name)
        number = collection.update(
            edge.UpdateOperation.create_field_index(request.field_name, index_schema(request))
        )
        before = collection.indexes.pop(request.field_name, None)
        if request.HasField("field_index_params"):
            collection.indexes[request.field_name] = request.field_index_params
        if before != collection.indexes.get(request.field_name):
            self._store(request.collection_name, collection)
        return number

    def delete_index(self, request: points_pb2.DeleteFieldIndexCollection) -> int:
        """Delete a payload index, if there is one, and return the number of the update."""
        collection = self.get(request.collection_name)
        number = collection.update(edge.UpdateOperation.delete_field_index(request.field_name))
        if collection.indexes.pop(request.field_name, None) is not None:
            self._store(request.collection_name, collection)
        return number

    def change_aliases(self, actions: Iterable[collections_pb2.AliasOperations]) -> None:
        """Apply all alias operations or, if one is wrong, none.

        Raises:
            Missing: a collection or an alias to be renamed does not exist.
            Existing: an alias would take the name of a collection.
        """
        manifest = copy.deepcopy(self._manifest)
        for action in actions:
            self._change_alias(manifest.aliases, action)
        self._commit(manifest)

    def _change_alias(self, aliases: dict[str, str], action: collections_pb2.AliasOperations) -> None:
        kind = action.WhichOneof("action")
        if kind == "create_alias":
            if action.create_alias.collection_name not in self._collections:
                raise missing_collection(action.create_alias.collection_name)
            self._check_alias(action.create_alias.alias_name)
            aliases[action.create_alias.alias_name] = action.create_alias.collection_name
        elif kind == "rename_alias":
            old, new = action.rename_alias.old_alias_name, action.rename_alias.new_alias_name
            if old not in aliases:
                raise Missing(f"Not found: Alias {old} does not exists!")
            self._check_alias(new)
            aliases[new] = aliases.pop(old)
        elif kind == "delete_alias":
            aliases.pop(action.delete_alias.alias_name, None)
        else:
            raise InvalidRequest("Malformed alias operation: it has no type")

    def _check_alias(self, name: str) -> None:
        check_name(name)
        if name in self._collections:
            raise Existing(f"Wrong input: Collection `{name}` already exists!")

    def flush(self) -> None:
        """Make every update so far durable."""
        for collection in self._collections.values():
            collection.flush()

    def optimize(self) -> None:
        """Optimize the first collection that needs it and has settled; called while the node is idle."""
        for collection in self._collections.values():
            if collection.optimize_settled():
                return

    def close(self) -> None:
        """Flush and release all shards and the directory."""
        for collection in self._collections.values():
            collection.close()
        self._directory.close()

    def _store(self, name: str, collection: Collection) -> None:
        manifest = copy.deepcopy(self._manifest)
        entry = manifest.collections[manifest.aliases.get(name, name)]
        entry.config = MessageToDict(collection.config)
        entry.indexes = {field: MessageToDict(parameters) for field, parameters in collection.indexes.items()}
        self._commit(manifest)

    def _commit(self, manifest: Manifest) -> None:
        self._directory.write(manifest)
        self._manifest = manifest


def _copied(request: collections_pb2.CreateCollection) -> collections_pb2.CreateCollection:
    copied = collections_pb2.CreateCollection()
    copied.CopyFrom(request)
    return copied


def _load(name: str, entry: CollectionEntry, directory: DataDirectory) -> Collection:
    try:
        config = ParseDict(entry.config, collections_pb2.CreateCollection())
        indexes = {f: ParseDict(p, collections_pb2.PayloadIndexParams()) for f, p in entry.indexes.items()}
        shard = edge.EdgeShard.load(str(directory.folder(entry.folder)))
    except Exception as error:
        raise StartupError(f"cannot load collection `{name}`: {error}") from error
    return Collection(shard, config, datetime.fromisoformat(entry.created_at), indexes)
