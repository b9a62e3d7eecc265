package rpc

import (
	"strings"
	"unicode"
)

// Printable replaces what controls a terminal or the direction of text. Line feeds stay.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
