"""The view, and the middleware that puts it in front of the product: all other methods go on as they are."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.ids import new_id
from apps.merchant_api.headers import sent_headers
from apps.merchant_api.view import CORS
from apps.merchant_api.wire.json import RequestFormat
from apps.merchant_api.wire.mask import mask_headers, mask_request
from apps.requestlog.core.kinds import METHOD_NUMBERS
from apps.requestlog.models import Request as LoggedRequest
from bench.orm.caller import ByApiKey
from bench.orm.serializers import AnswerSerializer, UpdateBalanceSerializer
from bench.orm.update_balance import Asked, update_balance

PATH = "/merchant/updateBalance"
STATUS = {ErrorCode.INTERNAL_SERVER_ERROR: 500, ErrorCode.INVALID_CREDENTIALS: 401}


class OrmGateway:
    """Answers updateBalance with the ORM's version."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        response: HttpResponse = UpdateBalanceView.as_view()(request).render()
        response.headers["Content-Length"] = str(len(response.content))  # as CommonMiddleware does
        return response


class UpdateBalanceView(APIView):
    """POST /merchant/updateBalance."""

    authentication_classes = [ByApiKey]
    parser_classes = [JSONParser]
    renderer_classes = [JSONRenderer]

    def post(self, request: Request) -> Response:
        self.id, self.began = new_id(), time.perf_counter()
        body = UpdateBalanceSerializer(data=request.data)
        if not body.is_valid():
            raise _malformed(body)
        answer = update_balance(self._asked(request, body), lambda answer: self._log(request, answer, 0, 200))
        return Response(AnswerSerializer(answer).data, headers=CORS)

    def handle_exception(self, exc: Exception) -> Any:
        """Answer a refusal and log it; everything else is a fault of the bench and goes up."""
        if not isinstance(exc, Refusal):
            return super().handle_exception(exc)
        reference: UUID = getattr(self, "id", None) or new_id()
        answer = {
            "requestRef": str(reference),
            "success": False,
            "errorMessage": exc.message,
            "errorCode": int(exc.code),
            **exc.extra,
        }
        status = STATUS.get(exc.code, 400)
        if self.request.auth is not None:
            self._log(self.request, answer, int(exc.code), status)
        return Response(answer, status=status, headers=CORS)

    def _asked(self, request: Request, body: UpdateBalanceSerializer) -> Asked:
        data = body.validated_data
        return Asked(
            id=self.id,
            caller=request.auth,
            wanted=body.wanted(),
            card_number=data["cardNumber"],
            custom_id=request.headers.get("customRequestId"),
            external_id=request.headers.get("externalTransactionId"),
            note=request.headers.get("note"),
            return_balances=data["returnBalances"],
            force_pin=data["forcePinValidation"],
            pin=data.get("pin"),
        )

    def _log(self, request: Request, answer: dict[str, Any], error: int, status: int) -> None:
        shown = answer if error else AnswerSerializer(answer).data
        LoggedRequest.objects.create(
            brand_id=request.auth.brand.pk,
            id=answer["requestRef"],
            method=METHOD_NUMBERS["updateBalance"],
            error_code=error,
            http_status=status,
            location_id=request.auth.location.pk,
            terminal_id=request.auth.terminal.pk,
            credential_id=request.auth.credential.pk,
            card_number=str(request.data.get("cardNumber") or "") or None,
            custom_id=request.headers.get("customRequestId"),
            external_id=request.headers.get("externalTransactionId"),
            note=request.headers.get("note"),
            address=request.META.get("REMOTE_ADDR"),
            micros=int((time.perf_counter() - self.began) * 1_000_000),
            headers=json.dumps(mask_headers(sent_headers(request.META))).encode(),
            request=json.dumps(mask_request(request.data)).encode(),
            response=JSONRenderer().render(shown),
        )


def _malformed(body: UpdateBalanceSerializer) -> Refusal:
    """9 for a value that is not allowed, 6 for one that is missing or of the wrong type."""
    allowed = all(error.code == "invalid_choice" for errors in body.errors.values() for error in _each(errors))
    message = json.dumps(body.errors)
    return InvalidInput(message) if allowed else RequestFormat(message)


def _each(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [error for inner in errors.values() for error in _each(inner)]
    return list(errors)
