package rpc

import "regexp"

// regionSyntax is what region ids look like. There is no list of them here: new
// regions, finance and government clouds work on their first day.
var regionSyntax = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)

// ValidRegion tells whether a region id is one by its form. It becomes a part of
// a host name.
func ValidRegion(id string) bool { return len(id) <= 60 && regionSyntax.MatchString(id) }
