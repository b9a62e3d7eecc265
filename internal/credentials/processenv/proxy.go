package processenv

import "os"

// metadataAddress is where an instance asks for its role's keys, by plain HTTP on
// its own link. credentials-go would ask a proxy for them, which could read and
// forge them. It is a variable for tests to set by the linker: a proxy is their
// only way to stand in for the metadata service.
var metadataAddress = "100.100.100.200"

// net/http reads the variable once, at the process's first request.
func init() {
	exempt := os.Getenv("NO_PROXY")
	if exempt == "" {
		exempt = os.Getenv("no_proxy")
	}
	if exempt != "" {
		exempt += ","
	}
	_ = os.Setenv("NO_PROXY", exempt+metadataAddress) // It fails for bad names only.
}
