"""One CloudFormation resource type as a table entry over API operations."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ministack.services.cloudformation import provisioners

from local.cloud.kernel import shapes
from local.cloud.kernel.errors import ApiError
from local.cloud.kernel.service import Service

Properties = dict[str, Any]
Result = tuple[str, Properties]


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """How a resource type is created, updated, deleted and waited for.

    `name` is the property with the physical name; `reference` the member of the Describe answer that `Ref` gives
    (the name itself where None); `attributes` maps `Fn::GetAtt` names to members of the Describe answer.
    `replacing` are the properties whose change replaces the resource ("Update requires: Replacement"). `arrange` turns
    properties into the API's members; `change` turns old and new properties into those of the update.
    """

    service: Service
    create: str
    describe: str
    delete: str
    name: str
    update: str | None = None
    update_properties: tuple[str, ...] = ()
    reference: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    replacing: tuple[str, ...] = ()
    status: str | None = None
    pending: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    arrange: Callable[[Properties], Properties] = dict
    change: Callable[[Properties, Properties], Properties] = lambda _old, new: new
    max_name: int = 63
    check: Callable[[Properties, Properties], None] | None = None

    def handlers(self) -> dict[str, Any]:
        """The emulator's handler table for this type."""
        return {"create": self.on_create, "update": self.on_update, "delete": self.on_delete}

    def on_create(self, logical_id: str, properties: Properties, stack_name: str) -> Result:
        """Create and wait until the resource is there; what fails to come up is deleted again.

        Raises:
            ValueError: with the service's reason; CloudFormation then rolls back.
        """
        request = self._request(self.create, properties)
        request.setdefault(self.name, provisioners._physical_name(stack_name, logical_id, max_len=self.max_name))
        call(self.service, self.create, request)
        try:
            return self._settled(request[self.name], request)
        except ValueError:
            self.on_delete(request[self.name], properties)  # the engine knows no id to delete in its rollback
            raise

    def on_update(self, physical_id: str, old: Properties, new: Properties, _stack: str) -> Result:
        """Update in place (a replacement never comes here) and wait until it is done."""
        name = self._name(physical_id)
        live = self._wait(name)  # what is in progress, such as a scaling step, ends first
        self._tag(live, old.get("Tags", []), new.get("Tags", []))
        if self.update is None or {**old, "Tags": []} == {**new, "Tags": []}:
            return self._settled(name, None)
        wanted = self._request(self.update, {**self.change(old, new), self.name: name})
        known = self.service.model.operation_model(self.update).input_shape.members
        request = {k: v for k, v in wanted.items() if k in (self.update_properties or known) or k == self.name}
        call(self.service, self.update, request)
        return self._settled(name, request)

    def _tag(self, live: Properties, old: list[Properties], new: list[Properties]) -> None:
        """Bring the resource's tags from the old list to the new one."""
        arn, kept = live[self.name.removesuffix("Name") + "Arn"], {tag["Key"] for tag in new}
        if gone := [tag["Key"] for tag in old if tag["Key"] not in kept]:
            call(self.service, "DeleteTags", {"ResourceArn": arn, "TagKeys": gone})
        if added := [{key: str(value) for key, value in tag.items()} for tag in new if tag not in old]:
            call(self.service, "AddTags", {"ResourceArn": arn, "Tags": added})

    def on_delete(self, physical_id: str, _properties: Properties) -> None:
        """Delete and wait until it is gone; what is gone already is fine."""
        name = self._name(physical_id)
        try:
            self._quiet(name)
            self.service.call(self.delete, {**self._tokens(self.delete), self.name: name})
        except (ApiError, ValueError) as error:
            if self._exists(name):
                raise ValueError(f"{self.service.name}:{self.delete} {name}: {error}") from error
        while self._exists(name):
            time.sleep(0.1)

    def _exists(self, name: str) -> bool:
        try:
            self.service.call(self.describe, {self.name: name})
        except ApiError:
            return False
        return True

    def _request(self, operation: str, properties: Properties) -> Properties:
        shape = self.service.model.operation_model(operation).input_shape
        typed = shapes.coerce(shape, self.arrange(properties))
        return {**self._tokens(operation), **{k: v for k, v in typed.items() if k in shape.members}}

    def _tokens(self, operation: str) -> Properties:
        """The idempotency tokens that boto3 would add."""
        members = self.service.model.operation_model(operation).input_shape.members
        return {name: uuid.uuid4().hex for name, member in members.items() if member.metadata.get("idempotencyToken")}

    def _name(self, physical_id: str) -> str:
        """The resource's name; an ARN has it in lower case only, so the service is asked for it."""
        if not physical_id.startswith("arn:"):
            return physical_id
        name = physical_id.rpartition("/")[2]
        try:
            return str(self.service.call(self.describe, {self.name: name})[self.name])
        except ApiError:
            return name  # gone

    def _settled(self, name: str, wanted: Properties | None) -> Result:
        live = self._wait(name)
        if self.check and wanted is not None:
            self.check(wanted, live)
        found = {attribute: live.get(member) for attribute, member in self.attributes.items()}
        return (live[self.reference] if self.reference else name), found

    def _wait(self, name: str) -> Properties:
        """What Describe says once nothing is under way.

        Raises:
            ValueError: it has failed; with the service's reason.
        """
        live = self._quiet(name)
        state = live.get(self.status) if self.status else None
        if state in self.failed:
            raise ValueError(f"{name} is {state}: {live.get('FailureReason', 'no reason given')}")
        return live

    def _quiet(self, name: str) -> Properties:
        while True:
            live = call(self.service, self.describe, {self.name: name})
            if self.status is None or live.get(self.status) not in self.pending:
                return live
            time.sleep(0.2)


def call(service: Service, operation: str, request: Properties) -> Properties:
    """Call an operation for CloudFormation.

    Raises:
        ValueError: the service's error, named as CloudFormation events show it.
    """
    try:
        return service.call(operation, request)
    except ApiError as error:
        raise ValueError(f"{service.name}:{operation}: {error.code}: {error.message}") from error
