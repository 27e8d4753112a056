@NullMarked
package holt.controller;

import org.jspecify.annotations.NullMarked;
