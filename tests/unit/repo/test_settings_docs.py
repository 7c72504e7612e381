import make_settings_docs


def test_settings_list_is_up_to_date():
    """docs/settings.md lists what the services' settings are now."""
    services = {name: make_settings_docs.settings_class(name) for name in make_settings_docs.SERVICES}
    assert make_settings_docs.REFERENCE.read_text(encoding="utf-8") == make_settings_docs.render(services)


def test_defaults_use_one_port_per_server():
    """No two servers listen on the same port by default, and metrics are 100 above."""
    settings = [make_settings_docs.settings_class(name)() for name in make_settings_docs.SERVICES]
    ports = [item.port for item in settings]
    assert len(set(ports)) == len(ports)
    assert [item.metrics_port for item in settings] == [port + 100 for port in ports]
