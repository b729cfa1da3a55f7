"""The DRF view of all methods: it hands each step of a call to the pipeline."""

from typing import IO, Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Empty, Request
from rest_framework.views import APIView

from apps.merchant_api import pipeline
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.pipeline import Answer
from apps.merchant_api.wire.json import MAX_BODY

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": (
        "Authorization, brand, location, terminal, employee, employeePassword, customRequestId,"
        " externalTransactionId, note, accept, content-type"
    ),
    "Access-Control-Allow-Methods": "POST, OPTIONS",
}


class ByApiKey(BaseAuthentication):
    """Headers and credentials; `request.auth` is the admitted call."""

    def authenticate(self, request: Request) -> tuple[None, MerchantCall]:
        return None, pipeline.admit(request.META, method=request.parser_context["kwargs"]["method"])


class AnyBody(BaseParser):
    """The raw body, whatever it is called: clients send JSON under all kinds of content types."""

    media_type = "*/*"

    def parse(  # type: ignore[override]  # DRF hands on whatever a parser returns
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> bytes:
        """At most one byte more than is allowed; the pipeline judges."""
        body: bytes = stream.read(MAX_BODY + 1)
        return body


class OnlyJson(BaseContentNegotiation):
    """Whatever a client says that it sends or accepts: it is JSON."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser:
        parser: BaseParser = parsers[0]
        return parser

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        renderer: BaseRenderer = renderers[0]
        return renderer, renderer.media_type


class StreamedRequest(Request):
    """A request whose body is read even where no Content-Length announces it (chunked transfer)."""

    def _load_stream(self) -> None:
        is_chunked = "chunked" in self.META.get("HTTP_TRANSFER_ENCODING", "").lower()
        self._stream: Any = self.META["wsgi.input"] if is_chunked else self._request


class MerchantView(APIView):
    """One method of the JSON API, named by the path."""

    authentication_classes = [ByApiKey]
    content_negotiation_class = OnlyJson
    parser_classes = [AnyBody]
    renderer_classes = [JSONRenderer]
    permission_classes = []
    throttle_classes = []

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return StreamedRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method != "OPTIONS":
            pipeline.check_route(request.method or "", kwargs["method"])
            super().initial(request, *args, **kwargs)

    def check_throttles(self, request: Request) -> None:
        pipeline.limit_rate(_call(request))

    def post(self, request: Request, method: str) -> HttpResponse:
        """Carry the method out."""
        call, body = _call(request), cast("bytes", request.data)
        return _response(pipeline.run(call, pipeline.read_body(call, body)))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Browsers ask before they call; no credentials are needed for that."""
        return HttpResponse(status=204, headers=CORS | {"Allow": "POST, OPTIONS"})

    def handle_exception(self, exc: Exception) -> Any:
        response = _response(pipeline.refuse(exc, self._admitted(exc)))
        if self._leaves_a_body():
            # the server hangs up on what it does not read; a client that is not told loses its next call
            response.headers["Connection"] = "close"
        return response

    def _leaves_a_body(self) -> bool:
        """Whether a body was announced that nobody has asked for: callers who are refused are not waited for."""
        announced = self.request.META.get("CONTENT_LENGTH") or self.request.META.get("HTTP_TRANSFER_ENCODING")
        return announced not in (None, "0") and getattr(self.request, "_full_data", Empty) is Empty

    def _admitted(self, problem: Exception) -> MerchantCall | None:
        if isinstance(problem, pipeline.RefusedCaller):
            return problem.call
        call = getattr(self.request, "_auth", None)
        return call if isinstance(call, MerchantCall) else None

    def finalize_response(self, request: Any, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        return response


def _call(request: Request) -> MerchantCall:
    call = request.auth
    assert isinstance(call, MerchantCall)
    return call


def _response(answer: Answer) -> HttpResponse:
    cors = CORS if answer.is_shared else {}
    return HttpResponse(
        answer.body,
        status=answer.status,
        content_type="application/json; charset=utf-8",
        headers={"Content-Length": str(len(answer.body)), **cors, **answer.headers},
    )


merchant_view = MerchantView.as_view()
