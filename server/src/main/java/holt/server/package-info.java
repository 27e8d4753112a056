@NullMarked
package holt.server;

import org.jspecify.annotations.NullMarked;
