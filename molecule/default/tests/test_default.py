testinfra_hosts = ["nick"]
def test_x(host):
    assert host.system_info.codename == "trixie"
