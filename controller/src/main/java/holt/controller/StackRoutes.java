package holt.controller;

import static holt.controller.ApiRoute.Method.DELETE;
import static holt.controller.ApiRoute.Method.GET;
import static holt.controller.ApiRoute.Method.POST;
import static holt.model.ErrorCode.APP_NAME_INVALID;
import static holt.model.ErrorCode.IMAGE_INVALID;
import static holt.model.ErrorCode.STACK_EXISTS;
import static holt.model.ErrorCode.STACK_IN_USE;
import static holt.model.ErrorCode.STACK_NAME_INVALID;
import static holt.model.ErrorCode.STACK_NOT_FOUND;
import static holt.model.ErrorCode.STORAGE_FULL;

import holt.identity.Action;
import holt.model.Api;
import java.util.List;

/** What the API can be asked about root file systems. */
final class StackRoutes {
    private StackRoutes() {}

    static List<ApiRoute> of(StackHandlers stacks) {
        return List.of(
                ApiRoute.of(GET, "/stacks", Action.READ_APPS, "All stacks, with the apps that use them.", stacks::list)
                        .answers(200, Api.Stacks.class),
                ApiRoute.of(
                                POST,
                                "/stacks",
                                Action.MANAGE_STACKS,
                                "Begins to make a stack, as a build, which can be followed like any other.",
                                stacks::create)
                        .takes(Api.CreateStack.class)
                        .answers(202, Api.Build.class)
                        .fails(STACK_EXISTS, STACK_NAME_INVALID, STORAGE_FULL),
                ApiRoute.of(DELETE, "/stacks/{name}", Action.MANAGE_STACKS, "Deletes a stack.", stacks::delete)
                        .fails(STACK_IN_USE, STACK_NOT_FOUND),
                ApiRoute.of(
                                POST,
                                "/images",
                                Action.BUILD,
                                "Begins to fetch an image from a registry, as a build.",
                                stacks::image)
                        .takes(Api.ImageRequest.class)
                        .answers(202, Api.Build.class)
                        .fails(APP_NAME_INVALID, IMAGE_INVALID, STORAGE_FULL));
    }
}
