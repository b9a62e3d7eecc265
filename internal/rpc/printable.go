package rpc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable makes a text fit for a terminal: a tab or carriage return becomes a blank,
// and every other character that controls the terminal, changes the direction of the
// text, breaks the line or isn't seen at all becomes U+FFFD. Line feeds stay.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\r':
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return utf8.RuneError
		}
		return r
	}, text)
}
