@NullMarked
package holt.stager;

import org.jspecify.annotations.NullMarked;
