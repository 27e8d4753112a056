/** Fetches container images from registries, without a daemon. */
@org.jspecify.annotations.NullMarked
package holt.controller.images;
