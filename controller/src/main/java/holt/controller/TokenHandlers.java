package holt.controller;

import holt.identity.Role;
import holt.model.Api;
import java.io.IOException;

/** Tokens: listing, making, deleting them. */
final class TokenHandlers {
    private final Access access;

    TokenHandlers(Access access) {
        this.access = access;
    }

    void list(Call call) {
        call.json(access.list());
    }

    void create(Call call) throws IOException {
        Api.CreateToken body = call.body(Api.CreateToken.class);
        Role role = Role.of(AppHandlers.required(body.role(), "role"));
        call.json(access.create(AppHandlers.required(body.name(), "name"), role));
    }

    void delete(Call call) {
        access.delete(call.path("id"));
        call.nothing();
    }
}
