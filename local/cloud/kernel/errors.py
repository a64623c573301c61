"""Errors as an AWS service sends them."""

from __future__ import annotations


class ApiError(Exception):
    """An error answer: its AWS code (`ValidationException`, ...), message and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def validation_error(message: str) -> ApiError:
    """SageMaker's answer to a request that is well formed but wrong."""
    return ApiError("ValidationException", message)


def not_found(message: str) -> ApiError:
    """SageMaker's answer to a name that does not exist, where the API declares ResourceNotFound."""
    return ApiError("ResourceNotFound", message)


def in_use(message: str) -> ApiError:
    """SageMaker's answer to a name that is taken or a resource that is needed by another."""
    return ApiError("ResourceInUse", message)


def not_supported(service: str, operation: str) -> ApiError:
    """The local cloud's own answer to an operation that it does not do: never a silent success."""
    message = f"the local cloud does not support {service}:{operation} (see local/README.md for what it does)"
    return ApiError("NotImplementedException", message, 501)
