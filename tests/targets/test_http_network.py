"""Certificates of our own, and proxies that want a password."""

from __future__ import annotations

import ssl
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import trustme

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.http import make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Auth
from chatbot_qa.targets.wire import Basic
from tests.targets.asking import fault, go, say, start
from tests.targets.fakes import Asked, answering, by, serving

SECRETS = {"CLIENT": "client-secret-&-more", "PASSWORD": "open/se:s@me"}


class TestCertificatesOfOurOwn:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    def _ask(self, authority: trustme.CA, folder: Path, **keys: Any) -> Any:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))

        async def ask() -> Any:
            async with serving(answering({"reply": "known"}), context) as server:
                options = HttpOptions(url=server.url, ca="ca.pem", **keys)
                target = make(options, Surroundings(folder=str(folder), secrets=SECRETS))
                if not keys:
                    return await fault(target)
                session = await target.open(start())
                reply = await say(session, "Hi")
                await target.close()
                return reply.text, session.again()

        return go(ask())

    def test_without_one_the_server_hangs_up(self, authority: trustme.CA, tmp_path: Path) -> None:
        assert self._ask(authority, tmp_path).note.kind in {"tls", "closed", "reset"}

    def test_certificate_and_key_in_one_file(self, authority: trustme.CA, tmp_path: Path) -> None:
        client = authority.issue_cert("qa@example.com")
        client.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "me.pem"))
        text, again = self._ask(authority, tmp_path, cert="me.pem")
        assert text == "known"
        assert "--cert me.pem" in again

    def test_a_locked_key_in_a_file_of_its_own(self, authority: trustme.CA, tmp_path: Path) -> None:
        self._locked(authority, tmp_path)
        keys = {"cert": "me.pem", "key": "key.pem", "key_password": "${secret:PASSWORD}"}
        text, again = self._ask(authority, tmp_path, **keys)
        assert text == "known"
        assert '--key key.pem --pass "$PASSWORD"' in again

    def test_a_wrong_password_is_told(self, authority: trustme.CA, tmp_path: Path) -> None:
        self._locked(authority, tmp_path)
        for password in ("", "wrong password"):
            with pytest.raises(UsageError, match=r"^cert: me.pem and key.pem cannot be read"):
                self._ask(authority, tmp_path, cert="me.pem", key="key.pem", key_password=password)

    def _locked(self, authority: trustme.CA, folder: Path) -> None:
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            PrivateFormat,
            load_pem_private_key,
        )

        client = authority.issue_cert("qa@example.com")
        client.cert_chain_pems[0].write_to_path(str(folder / "me.pem"))
        key = load_pem_private_key(client.private_key_pem.bytes(), None)
        lock = BestAvailableEncryption(SECRETS["PASSWORD"].encode())
        locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
        (folder / "key.pem").write_bytes(locked)


class TestProxies:
    BASIC = "Basic " + b64encode(b"anna:open/se:s@me").decode()

    def _through(self, **keys: Any) -> tuple[list[Asked], str]:
        async def ask() -> tuple[list[Asked], str]:
            async with serving(by(lambda asked: {"reply": "by proxy"})) as proxy:
                given = {name: value.replace("PROXY", proxy.url) for name, value in keys.items()}
                auth = Basic(user="anna", password="${secret:PASSWORD}") if given else None
                options = HttpOptions(url="http://bot.invalid/chat", proxy_auth=auth, **given)
                self.set_environment(proxy.url)
                target = make(options, Surroundings(secrets=SECRETS))
                session = await target.open(start())
                await say(session, "Hi")
                await say(session, "Ho")
                await target.close()
                return proxy.asked, session.again()

        return go(ask())

    @pytest.fixture(autouse=True)
    def _environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def set_environment(url: str) -> None:
            address = url.replace("://", "://%61nna:open%2Fse%3As%40me@")
            monkeypatch.setenv("http_proxy", address)

        self.set_environment = set_environment

    def test_user_and_password_of_the_configuration(self) -> None:
        asked, again = self._through(proxy="PROXY")
        assert [one.headers.get("proxy-authorization") for one in asked] == [self.BASIC] * 2
        assert "-U anna:" in again.replace("'", "")
        assert '"$PASSWORD"' in again
        assert "s@me" not in again

    def test_user_and_password_of_the_environment(self) -> None:
        asked, again = self._through()
        assert [one.headers.get("proxy-authorization") for one in asked] == [self.BASIC] * 2
        assert "s@me" not in again

    def test_a_tunnel_is_asked_for_with_the_proxys_password_and_not_with_the_bots(self) -> None:
        async def ask() -> tuple[Fault, list[Asked]]:
            async with serving(answering(b"", "407 Proxy Authentication Required")) as proxy:
                options = HttpOptions(
                    url="https://bot.invalid/chat",
                    proxy=proxy.url,
                    proxy_auth=Basic(user="anna", password="${secret:PASSWORD}"),
                    auth=Auth(bearer="${secret:CLIENT}"),
                )
                target = make(options, Surroundings(secrets=SECRETS))
                return await fault(target), proxy.asked

        found, (asked,) = go(ask())
        assert asked.method == "CONNECT"
        assert asked.headers["proxy-authorization"] == self.BASIC
        assert "authorization" not in asked.headers
        assert found.note.kind == "proxy"
        assert found.safe_to_retry

    def test_a_proxy_that_refuses_is_a_fault(self) -> None:
        async def ask() -> Fault:
            async with serving(answering(b"", "407 Proxy Authentication Required")) as proxy:
                options = HttpOptions(url="http://bot.invalid/chat", proxy=proxy.url)
                return await fault(make(options, Surroundings()))

        assert "407 Proxy Authentication Required" in go(ask()).note.message

    @pytest.mark.parametrize("address", ["http://no-such-proxy.invalid:3128", "PROXY"])
    def test_one_that_is_not_there_is_not_taken_for_the_bot(self, address: str) -> None:
        async def ask() -> Fault:
            options = HttpOptions(url="http://127.0.0.2:1/chat", proxy=address)
            return await fault(make(options, Surroundings()))

        if address == "PROXY":
            address = "http://127.0.0.1:1"
        found = go(ask())
        assert found.note.kind == "proxy"
        assert "127.0.0.2" not in found.note.message
        assert found.safe_to_retry

    @pytest.mark.parametrize("kind", ["socks5", "foo"])
    def test_one_of_another_kind_in_the_environment_is_told(
        self, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", f"{kind}://anna:secret@127.0.0.1:1")

        async def ask() -> Fault:
            return await fault(make(HttpOptions(url="http://bot.invalid/chat"), Surroundings()))

        found = go(ask())
        assert found.note.kind == "proxy"
        assert f"speaks {kind}, which is not spoken here" in found.note.message
        assert "secret" not in str(found.note)
