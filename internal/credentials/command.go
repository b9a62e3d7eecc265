package credentials

import (
	"errors"
	"strings"
	"unicode"
)

// splitCommand splits a process_command into its arguments by credentials-go's
// rules (its own function isn't exported): white space separates, quotes hold
// together, and a backslash escapes, as in a shell. On Windows a backslash is a
// part of a path and escapes nothing but a double quote within double quotes.
// Errors complete "the command has".
func splitCommand(command string, windows bool) ([]string, error) {
	var (
		args   []string
		arg    strings.Builder
		inArg  bool // Also for an empty argument in quotes.
		quote  rune // 0 outside of quotes.
		source = []rune(command)
	)
	for i := 0; i < len(source); i++ {
		r := source[i]
		switch {
		case r == '\\' && quote != '\'' && escapes(source, i, quote, windows):
			i++
			if i == len(source) {
				return nil, errors.New("a backslash at its end")
			}
			if source[i] == '\n' {
				continue // A line that goes on in the next.
			}
			arg.WriteRune(source[i])
			inArg = true
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
			inArg = true
		case quote == 0 && unicode.IsSpace(r):
			if inArg {
				args = append(args, arg.String())
				arg.Reset()
				inArg = false
			}
		default:
			arg.WriteRune(r)
			inArg = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote that is not closed")
	}
	if inArg {
		args = append(args, arg.String())
	}
	if len(args) == 0 || args[0] == "" {
		return nil, errors.New("no command")
	}
	return args, nil
}

// escapes tells whether the backslash at i escapes what follows it.
func escapes(source []rune, i int, quote rune, windows bool) bool {
	if quote == 0 {
		return !windows
	}
	if i+1 == len(source) {
		return false
	}
	if windows {
		return source[i+1] == '"'
	}
	return strings.ContainsRune("\"\\$`\n", source[i+1])
}
