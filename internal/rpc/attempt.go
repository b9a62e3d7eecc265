package rpc

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// attempt makes the call once and logs how it went.
func (c *Client) attempt(ctx context.Context, call Call, number int, reply Replier) *Error {
	// The slot comes first: keys that were fetched before a long wait for it may
	// have run out by then. Whoever holds one while the keys are fetched keeps
	// nobody waiting who wouldn't wait for the same keys.
	slot, err := c.limiter.acquire(ctx)
	if err != nil {
		return transportError(err)
	}
	start := time.Now()
	request := call.New()
	failure := c.send(ctx, call, request, slot, reply)
	slot.release(failure)

	attrs := append([]slog.Attr{
		slog.String("action", request.GetActionName()),
		slog.String("region", call.Region),
		slog.Int("attempt", number),
		slog.Int64("duration_ms", time.Since(start).Milliseconds()),
	}, call.Attrs...)
	if failure == nil {
		attrs = append(attrs, slog.Int("status", reply.common().Status), slog.String("request_id", string(reply.common().RequestID)))
	} else {
		failure.Action = request.GetActionName()
		failure.Host = call.Endpoint.Host
		attrs = append(attrs, slog.Int("status", failure.Status), slog.String("code", failure.Code),
			slog.String("request_id", failure.RequestID), slog.Bool("transient", failure.Transient),
			slog.String("error", failure.Message))
	}
	c.config.Logger.LogAttrs(ctx, slog.LevelDebug, "API call", attrs...)
	return failure
}

// send gets keys, makes the exchange within the time for an attempt, and reads
// the reply.
func (c *Client) send(ctx context.Context, call Call, request Signable, slot *slot, reply Replier) *Error {
	var keys *credentials.Credentials
	if !call.Unsigned {
		var err error
		if keys, err = c.config.Credentials.GetCredentials(ctx); err != nil {
			return credentialsError(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.AttemptTimeout)
	defer cancel()
	response, body, failure := c.exchange(ctx, call, request, keys) //nolint:bodyclose // It is closed.
	if failure == nil {
		if success(response) {
			slot.releaseEarly() // The next call is on its way while this one's reply is read.
		}
		failure = readReply(response, body, reply)
	}
	if failure != nil {
		failure.redact(secrets(call, request, keys))
		failure.renewed = keys != nil && c.renew(failure, keys)
		return failure
	}
	id := &reply.common().RequestID
	*id = redactRequestID(*id, secrets(call, request, keys))
	return nil
}

// renew gives up keys that the service refused as expired, and tells whether
// others can be had.
func (c *Client) renew(failure *Error, keys *credentials.Credentials) bool {
	renewer, ok := c.config.Credentials.(Renewer)
	return ok && keys.SecurityToken != "" && slices.Contains(expiredCodes, failure.Code) && renewer.Renew(keys)
}

// secrets are what a server that repeats the request could give away.
func secrets(call Call, request Signable, keys *credentials.Credentials) []string {
	secrets := append([]string{request.GetQueryParams()["Signature"]}, call.Secrets...)
	if keys != nil {
		secrets = append(secrets, keys.AccessKeySecret, keys.SecurityToken, keys.AccessKeyId)
	}
	return secrets
}

// credentialsError is a failure to get keys. Whether it may pass is for the
// source to say.
func credentialsError(err error) *Error {
	e := &Error{Kind: KindCredentials, Err: err, Message: Redact(err.Error())}
	var temporary interface{ Temporary() bool }
	if errors.As(err, &temporary) {
		e.Transient = temporary.Temporary()
	}
	return e
}
