package holt.simulator;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/**
 * One deliberate mistake in a rule: which method of which class, and what is wrong in it. Made in the compiled class, so
 * that the rules themselves need no openings for tests.
 *
 * @param name what a careless programmer would have done
 * @param type binary name of the class
 * @param method name of the method, all its overloads
 * @param change what is wrong
 */
record Mutation(String name, String type, String method, Change change) {

    /** What is done to a method. */
    sealed interface Change {}

    /** The method answers this at once: 0 is also false and null. */
    record Answers(int value) implements Change {}

    /** The n-th conditional jump, from 0, goes the other way. */
    record Inverts(int jump) implements Change {}

    /** The n-th conditional jump, from 0, is taken always or never. */
    record Decides(int jump, boolean taken) implements Change {}

    /** The n-th call of this method, from 0, is left out; what it would have given is 0, false or null. */
    record Forgets(String call, int nth) implements Change {}

    /** The n-th call of this method, from 0, calls another one of the same owner and type instead. */
    record Confuses(String call, String other, int nth) implements Change {}

    /** The n-th call of this method, from 0, is made twice; for methods without a result. */
    record Repeats(String call, int nth) implements Change {}

    /**
     * The class with the mistake in it.
     *
     * @throws IllegalStateException when there is no such place in it (any more)
     */
    byte[] applyTo(byte[] original, ClassLoader hierarchy) {
        ClassFile classFile = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(hierarchy)
                        .orElse(ClassHierarchyResolver.defaultResolver())),
                // What a mistake makes dead code of may be the only place of a local variable that is named.
                ClassFile.DebugElementsOption.DROP_DEBUG);
        ClassModel model = classFile.parse(original);
        byte[] mutated = classFile.transformClass(
                model,
                ClassTransform.transformingMethodBodies(
                        candidate -> candidate.methodName().equalsString(method), transform(model)));
        if (Arrays.equals(mutated, classFile.transformClass(model, ClassTransform.ACCEPT_ALL))) {
            throw new IllegalStateException("'" + name + "' finds no place in " + type + "." + method);
        }
        return mutated;
    }

    private CodeTransform transform(ClassModel model) {
        return switch (change) {
            case Answers answers -> answering(model, answers.value());
            case Inverts inverts -> CodeTransform.ofStateful(() -> new Inverter(inverts));
            case Decides decides -> CodeTransform.ofStateful(() -> new Decider(decides));
            case Forgets forgets -> CodeTransform.ofStateful(() -> new Forgetter(forgets));
            case Confuses confuses -> CodeTransform.ofStateful(() -> new Confuser(confuses));
            case Repeats repeats -> CodeTransform.ofStateful(() -> new Repeater(repeats));
        };
    }

    private CodeTransform answering(ClassModel model, int value) {
        ClassDesc result = model.methods().stream()
                .filter(candidate -> candidate.methodName().equalsString(method))
                .map(MethodModel::methodTypeSymbol)
                .map(MethodTypeDesc::returnType)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no method " + type + "." + method));
        return CodeTransform.ofStateful(() -> new CodeTransform() {
            private boolean answered;

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                if (!answered) {
                    answered = true;
                    push(builder, TypeKind.from(result), value);
                    builder.return_(TypeKind.from(result));
                }
            }
        });
    }

    private static void push(CodeBuilder builder, TypeKind kind, int value) {
        switch (kind) {
            case VOID -> {}
            case REFERENCE -> builder.aconst_null();
            case LONG -> builder.loadConstant((long) value);
            case DOUBLE -> builder.loadConstant((double) value);
            case FLOAT -> builder.loadConstant((float) value);
            case BOOLEAN, BYTE, CHAR, SHORT, INT -> builder.loadConstant(value);
        }
    }

    /** Finds the n-th conditional jump. */
    private abstract static class JumpFinder implements CodeTransform {
        private int left;

        JumpFinder(int jump) {
            this.left = jump;
        }

        @Override
        public final void accept(CodeBuilder builder, CodeElement element) {
            if (element instanceof BranchInstruction branch
                    && branch.opcode() != Opcode.GOTO
                    && branch.opcode() != Opcode.GOTO_W
                    && left-- == 0) {
                replace(builder, branch);
            } else {
                builder.with(element);
            }
        }

        abstract void replace(CodeBuilder builder, BranchInstruction branch);
    }

    private static final class Decider extends JumpFinder {
        private final boolean taken;

        Decider(Decides decides) {
            super(decides.jump());
            this.taken = decides.taken();
        }

        @Override
        void replace(CodeBuilder builder, BranchInstruction branch) {
            builder.pop();
            if (branch.opcode().name().startsWith("IF_")) {
                builder.pop();
            }
            if (taken) {
                builder.goto_(branch.target());
            }
        }
    }

    private static final class Inverter extends JumpFinder {
        Inverter(Inverts inverts) {
            super(inverts.jump());
        }

        @Override
        void replace(CodeBuilder builder, BranchInstruction branch) {
            builder.branch(inverse(branch.opcode()), branch.target());
        }

        private static Opcode inverse(Opcode opcode) {
            return switch (opcode) {
                case IFEQ -> Opcode.IFNE;
                case IFNE -> Opcode.IFEQ;
                case IFLT -> Opcode.IFGE;
                case IFGE -> Opcode.IFLT;
                case IFGT -> Opcode.IFLE;
                case IFLE -> Opcode.IFGT;
                case IF_ICMPEQ -> Opcode.IF_ICMPNE;
                case IF_ICMPNE -> Opcode.IF_ICMPEQ;
                case IF_ICMPLT -> Opcode.IF_ICMPGE;
                case IF_ICMPGE -> Opcode.IF_ICMPLT;
                case IF_ICMPGT -> Opcode.IF_ICMPLE;
                case IF_ICMPLE -> Opcode.IF_ICMPGT;
                case IF_ACMPEQ -> Opcode.IF_ACMPNE;
                case IF_ACMPNE -> Opcode.IF_ACMPEQ;
                case IFNULL -> Opcode.IFNONNULL;
                case IFNONNULL -> Opcode.IFNULL;
                default -> throw new IllegalStateException(opcode + " is no conditional jump");
            };
        }
    }

    /** Finds the n-th call of a method by its name. */
    private abstract static class CallFinder implements CodeTransform {
        private final String call;
        private int left;

        CallFinder(String call, int nth) {
            this.call = call;
            this.left = nth;
        }

        @Override
        public final void accept(CodeBuilder builder, CodeElement element) {
            if (element instanceof InvokeInstruction invoke && invoke.name().equalsString(call) && left-- == 0) {
                replace(builder, invoke);
            } else {
                builder.with(element);
            }
        }

        abstract void replace(CodeBuilder builder, InvokeInstruction invoke);
    }

    private static final class Forgetter extends CallFinder {
        Forgetter(Forgets forgets) {
            super(forgets.call(), forgets.nth());
        }

        @Override
        void replace(CodeBuilder builder, InvokeInstruction invoke) {
            MethodTypeDesc callType = invoke.typeSymbol();
            for (ClassDesc parameter : callType.parameterList().reversed()) {
                drop(builder, TypeKind.from(parameter));
            }
            if (invoke.opcode() != Opcode.INVOKESTATIC) {
                builder.pop();
            }
            push(builder, TypeKind.from(callType.returnType()), 0);
        }

        private static void drop(CodeBuilder builder, TypeKind kind) {
            if (kind.slotSize() == 2) {
                builder.pop2();
            } else {
                builder.pop();
            }
        }
    }

    private static final class Confuser extends CallFinder {
        private final String other;

        Confuser(Confuses confuses) {
            super(confuses.call(), confuses.nth());
            this.other = confuses.other();
        }

        @Override
        void replace(CodeBuilder builder, InvokeInstruction invoke) {
            builder.invoke(
                    invoke.opcode(), invoke.owner().asSymbol(), other, invoke.typeSymbol(), invoke.isInterface());
        }
    }

    /** Keeps the arguments in fresh variables, and calls twice. */
    private static final class Repeater extends CallFinder {
        Repeater(Repeats repeats) {
            super(repeats.call(), repeats.nth());
        }

        @Override
        void replace(CodeBuilder builder, InvokeInstruction invoke) {
            MethodTypeDesc callType = invoke.typeSymbol();
            if (!callType.returnType().equals(ConstantDescs.CD_void)) {
                throw new IllegalStateException(invoke.name() + " has a result: it cannot be repeated");
            }
            int count = callType.parameterCount();
            int[] variables = new int[count];
            for (int index = count - 1; index >= 0; index--) {
                TypeKind kind = TypeKind.from(callType.parameterType(index));
                variables[index] = builder.allocateLocal(kind);
                builder.storeLocal(kind, variables[index]);
            }
            boolean onObject = invoke.opcode() != Opcode.INVOKESTATIC;
            if (onObject) {
                builder.dup();
            }
            load(builder, callType, variables);
            builder.with(invoke);
            load(builder, callType, variables);
            builder.with(invoke);
        }

        private static void load(CodeBuilder builder, MethodTypeDesc callType, int[] variables) {
            for (int index = 0; index < variables.length; index++) {
                builder.loadLocal(TypeKind.from(callType.parameterType(index)), variables[index]);
            }
        }
    }
}
