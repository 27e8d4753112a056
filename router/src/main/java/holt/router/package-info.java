@NullMarked
package holt.router;

import org.jspecify.annotations.NullMarked;
