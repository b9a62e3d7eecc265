package rpc

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Endpoint is where a service answers.
type Endpoint struct {
	Scheme string // "https" or "http".
	Host   string // Host name or address, with a port where it isn't the scheme's own.
}

func (e Endpoint) String() string { return e.Scheme + "://" + e.Host }

// ParseEndpoint reads "host", "host:port" or "http(s)://host[:port]", https without a
// scheme. Anything beside these parts is an error: no call would have it.
func ParseEndpoint(text string) (Endpoint, error) {
	if strings.Contains(text, "@") { // Before a parser repeats a part of the password in its error.
		return Endpoint{}, errors.New("it has a user part; credentials belong into the provider's own arguments")
	}
	raw := text
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil { // Without the text, which the caller knows.
		return Endpoint{}, fmt.Errorf("it is not a host or URL: %w", errors.Unwrap(err))
	}
	port := u.Port()
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return Endpoint{}, fmt.Errorf("its scheme is %q; only https and http are possible", u.Scheme)
	case raw[len(u.Scheme):] != "://"+u.Host:
		return Endpoint{}, errors.New("it has a path, query or fragment; only a host with an optional port is possible")
	case u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " \t_*,;"):
		return Endpoint{}, errors.New("it names no valid host")
	case strings.HasSuffix(u.Host, ":"+port) && (err != nil || n == 0):
		return Endpoint{}, fmt.Errorf("its port %q is not between 1 and 65535", port)
	}
	return Endpoint{Scheme: u.Scheme, Host: u.Host}, nil
}

// regionSyntax is what region IDs look like. There is no list of them here: new
// regions, finance and government clouds work on their first day.
var regionSyntax = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)

// ValidRegion reports whether a region ID is one by its form. It becomes a part of a
// host name.
func ValidRegion(id string) bool { return len(id) <= 60 && regionSyntax.MatchString(id) }
